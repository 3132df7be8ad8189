/* Stacks open in their place: htmx brings the pictures behind the card, and this closes them again.
   Without this file the number on the card leads to the page of the stack. */
"use strict";

(() => {
  const OPENER = "[data-stack]";
  const OPEN = `${OPENER}[aria-expanded="true"]`;
  const cardOf = (opener) => opener.closest(".picture");
  const say = (text) => { const place = find("#stack-said"); if (place) place.textContent = text ?? ""; };

  /* What was put behind the card, to its end. */
  function behind(card) {
    const found = [];
    for (let next = card.nextElementSibling; next; next = next.nextElementSibling) {
      found.push(next);
      if (next.matches("[data-stack-end]")) return found;
    }
    return [];
  }

  function opened(opener) {
    const shown = behind(cardOf(opener));
    for (const each of shown) each.classList.add("of-stack");
    opener.setAttribute("aria-expanded", "true");
    say(shown.at(-1)?.dataset.stackEnd);
  }

  function close(opener) {
    const shown = behind(cardOf(opener));
    const inside = shown.some((each) => each.contains(document.activeElement));
    for (const each of shown) each.remove();
    opener.setAttribute("aria-expanded", "false");
    if (inside) opener.focus();
    say(find("#stack-said")?.dataset.closed);
  }

  /* The open stack that the focus is in; the last one where nothing has the focus. */
  function looked() {
    const here = document.activeElement;
    const open = all(OPEN);
    const held = open.find((each) => [cardOf(each), ...behind(cardOf(each))].some((card) => card.contains(here)));
    return held ?? (here === document.body && !find("[data-pick]:checked") ? open.at(-1) : null);
  }

  // Before htmx hears of it: a second press closes, and with a key held the browser does its own.
  on("click", (event) => {
    const opener = event.target.closest?.(OPENER);
    if (!opener) return;
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (plain && !opener.matches(OPEN)) return;
    event.stopImmediatePropagation();
    if (!plain) return;
    event.preventDefault();
    close(opener);
  }, document, true);

  on("keydown", (event) => {
    const stack = event.key === "Escape" && !find("dialog[open]") ? looked() : null;
    if (!stack) return;
    event.stopImmediatePropagation();
    close(stack);
    stack.focus();
  }, document, true);

  // Something else than a stack is a page of its own: signing in, for example.
  on("htmx:beforeSwap", (event) => {
    const opener = event.detail.requestConfig?.elt;
    if (!opener?.matches(OPENER) || event.detail.serverResponse.includes("data-stack-end")) return;
    event.detail.shouldSwap = false;
    location.assign(opener.href);
  });
  on("htmx:afterSwap", (event) => {
    const opener = event.detail.requestConfig?.elt;
    if (opener?.matches(OPENER)) opened(opener);
  });

  const ready = () => { for (const each of all(`${OPENER}:not([aria-expanded])`)) each.setAttribute("aria-expanded", "false"); };
  on("htmx:load", ready);
  ready();
})();
