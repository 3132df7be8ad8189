/* Choosing pictures with keys and clicks, and dragging them in a collection. All of it also works
   without this file: ticks are checkboxes of a form, and each place has its buttons. */
"use strict";

(() => {
  const bar = find("#selection");
  const picks = () => all("[data-pick]");
  const picked = () => all("[data-pick]:checked");
  let last = null;

  function tell() {
    const line = bar && find("[data-count-picked]", bar);
    const count = picked().length;
    if (!line) return;
    line.textContent = count === 0 ? "" : count === 1 ? line.dataset.one : line.dataset.many.replace("%", count);
    if (count === 0) {
      for (const box of all("details[open]", bar)) box.removeAttribute("open");
      find("#selection-problems")?.replaceChildren();
    }
  }

  function unpick() {
    const before = document.activeElement;
    for (const box of picked()) box.checked = false;
    if (bar?.contains(before)) last?.focus();
    tell();
  }

  /* From the one before to this one, all become what this one is. */
  function range(box) {
    const boxes = picks();
    const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (ends[0] < 0) return;
    for (const each of boxes.slice(ends[0], ends[1] + 1)) each.checked = box.checked;
  }

  on("click", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (!box) return;
    if (event.shiftKey && last) range(box);
    last = box;
    tell();
  });

  on("click", (event) => {
    if (event.target.closest?.("[data-pick-all]")) {
      for (const box of picks()) box.checked = true;
      tell();
    }
    if (event.target.closest?.("[data-unpick]")) {
      event.preventDefault();
      unpick();
    }
    const open = find(".deed-box[open]", bar ?? document);
    if (open && !open.contains(event.target)) open.removeAttribute("open");
  });

  /* The picture that is looked at: the one with the focus, or else under the pointer. */
  const looked = () => find(".picking > :focus-within [data-pick]") ?? find(".picking > :hover [data-pick]");

  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return leave(event);
    if (event.key.toLowerCase() !== "x" || typing(event.target) || find("dialog[open]") || !singleKeys()) return;
    const box = looked();
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    if (event.shiftKey && last) range(box);
    last = box;
    tell();
  });

  function leave(event) {
    const open = find(".deed-box[open]", bar ?? document);
    if (open) {
      open.removeAttribute("open");
      find("summary", open).focus();
    } else if (picked().length && !typing(event.target) && !find("dialog[open]")) {
      unpick();
    }
  }

  // What was done is told; what it was done to is chosen no more.
  on("htmx:afterSwap", (event) => {
    const done = event.target.id === "selection-problems" && find("[data-deed-done]", event.target);
    if (!done) return;
    event.target.replaceChildren();
    for (const name of ["tags", "name"]) if (bar.elements[name]) bar.elements[name].value = "";
    unpick();
  });
  on("pageshow", tell, window);
  tell();

  /* Dragging: where it is let go, it stands before what is there. */

  const list = find("[data-arranging]");
  let dragged = null;
  if (!list) return;

  const aim = (item) => {
    for (const each of all(".target", list)) each.classList.toggle("target", each === item);
    item?.classList.add("target");
  };

  on("dragstart", (event) => {
    dragged = event.target.closest?.("[data-move]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.asset);
    dragged.classList.add("dragged");
  }, list);
  on("dragover", (event) => {
    const item = event.target.closest?.("[data-move]");
    if (!dragged || !item || item === dragged) return;
    event.preventDefault();
    aim(item);
  }, list);
  on("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    aim(null);
  }, list);
  on("drop", (event) => {
    const item = event.target.closest?.("[data-move]");
    if (!dragged || !item || item === dragged) return;
    event.preventDefault();
    const moved = dragged;
    const before = moved.nextElementSibling;
    item.before(moved);
    send(moved, item).catch(() => {
      before ? before.before(moved) : list.append(moved);
      toast(find("#toasts")?.dataset.failed, "error");
    });
  }, list);

  async function send(moved, item) {
    const body = new FormData(find("#act"));
    body.append("before", item.dataset.asset);
    const answer = await fetch(moved.dataset.move, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
  }
})();
