/* Limner: what pages need beyond HTML. Texts come from the page, never from here.
   Every page works without this file; it saves clicks, waiting and retyping. */
"use strict";

const root = document.documentElement;
root.classList.add("js");
const find = (selector, scope = document) => scope.querySelector(selector);
const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];
const on = (name, act, target = document, capture = false) => target.addEventListener(name, act, capture);

/* What the browser keeps for us; one that may not keep anything only forgets. */

const memory = {
  read: (store, name) => { try { return window[store].getItem(name); } catch { return null; } },
  write: (store, name, value) => { try { window[store].setItem(name, value); } catch { /* forgotten */ } },
  drop: (store, name) => { try { window[store].removeItem(name); } catch { /* nothing was kept */ } },
};

/* Toasts: gone after a while, unless somebody is at them. */

class Toast extends HTMLElement {
  connectedCallback() {
    const patience = this.matches(".error, .warning") ? 20000 : find("form, [formaction]", this) ? 10000 : 6000;
    const leave = () => { this.timer = setTimeout(() => this.remove(), patience); };
    const stay = () => clearTimeout(this.timer);
    for (const name of ["mouseenter", "focusin"]) this.addEventListener(name, stay);
    for (const name of ["mouseleave", "focusout"]) this.addEventListener(name, leave);
    leave();
  }
  disconnectedCallback() { clearTimeout(this.timer); }
}
customElements.define("limner-toast", Toast);

function toast(text, kind = "") {
  const box = find("#toasts");
  if (!box || !text) return;
  const item = document.createElement("limner-toast");
  item.className = `toast ${kind}`;
  item.append(Object.assign(document.createElement("p"), { textContent: text }));
  box.append(item);
}

/* Clicks on small things. */

on("click", (event) => {
  const target = event.target.closest?.("[data-dismiss],[data-open-dialog],[data-close-dialog],[data-copy],[data-prompt]");
  if (!(target instanceof HTMLElement)) return;
  if ("openDialog" in target.dataset) openDialog(target);
  else if ("closeDialog" in target.dataset) target.closest("dialog")?.close();
  else if ("copy" in target.dataset) copy(target);
  else if ("prompt" in target.dataset) usePrompt(event, target);
  else if (target.matches("button")) target.closest("limner-toast")?.remove();
});

function openDialog(opener) {
  opener.closest("details[data-menu]")?.removeAttribute("open");
  find(`#${opener.dataset.openDialog}`)?.showModal();
}

/* <button data-copy="text" data-copied="Copied">, or data-copy="#id" of what to copy. */
async function copy(button) {
  const source = button.dataset.copy;
  const text = source.startsWith("#") ? find(source)?.textContent.trim() : source;
  try {
    await navigator.clipboard.writeText(text ?? "");
    toast(button.dataset.copied);
  } catch {
    toast(button.dataset.failed, "error");
  }
}

function usePrompt(event, chip) {
  const field = find("#id_prompt");
  if (!field) return;
  event.preventDefault();
  field.value = chip.dataset.prompt;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/* Menus close when one looks elsewhere. */

function closeOpen(selector, keep) {
  for (const box of all(selector)) if (!box.contains(keep)) box.removeAttribute("open");
}
on("click", (event) => closeOpen("details[data-menu][open], details.help[open]", event.target));

/* Keys. Single letters can be switched off, as WCAG 2.1.4 asks. */

const SINGLE_KEYS = "limner.single-keys";
const singleKeys = () => memory.read("localStorage", SINGLE_KEYS) !== "off" && root.dataset.keys !== "off";
const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const SINGLE = {
  "/": () => focusOn("[data-search], #id_prompt"),
  "?": () => find("#shortcuts")?.showModal(),
  l: () => press("[data-key='l']"),
  r: () => press("[data-key='r']"),
  z: () => press("[data-key='z']"),
  ArrowLeft: () => press(root.dir === "rtl" ? "[rel=next][data-step]" : "[rel=prev][data-step]"),
  ArrowRight: () => press(root.dir === "rtl" ? "[rel=prev][data-step]" : "[rel=next][data-step]"),
};

function focusOn(selector) {
  const field = find(selector);
  field?.focus();
  return field;
}
function press(selector) {
  const target = find(selector);
  target?.click();
  return target;
}

on("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submitFrom(event);
  else if (event.key === "Escape") escape();
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) single(event);
});

function submitFrom(event) {
  const form = event.target.closest?.("form[method=post]") ?? find("#create-form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(find("button.primary:not([type=button])", form));
}

function escape() {
  const open = find("details[data-menu][open], details.help[open]");
  if (!open) return;
  open.removeAttribute("open");
  find("summary", open).focus();
}

function single(event) {
  if (typing(event.target) || find("dialog[open]") || !singleKeys()) return;
  const arrow = event.key.startsWith("Arrow");
  if (arrow && event.target.closest("fieldset, [role=radiogroup], [data-arrows]")) return;
  if (SINGLE[event.key]?.()) event.preventDefault();
}

on("change", (event) => {
  if (event.target.matches("[data-single-keys]")) {
    memory.write("localStorage", SINGLE_KEYS, event.target.checked ? "on" : "off");
  }
});

/* The prompt: grows, counts, and survives a reload or a sign-in. */

const DRAFT = "limner.draft";

function grow(field) {
  if (!("grow" in field.dataset)) return;
  field.style.blockSize = "auto";
  field.style.blockSize = `${Math.min(field.scrollHeight + 2, 420)}px`;
}

function count(field) {
  const line = find(`[data-count-of="${field.id}"]`);
  if (!line) return;
  const length = [...field.value].length;
  line.hidden = length < 200;
  line.textContent = `${length} / ${field.dataset.max}`;
}

on("input", (event) => {
  if (!event.target.matches("textarea")) return;
  grow(event.target);
  count(event.target);
  if ("draft" in event.target.dataset) memory.write("sessionStorage", DRAFT, event.target.value);
});

// Whoever signs in next in this window has wishes of their own.
on("click", (event) => { if (event.target.closest?.("[data-forget]")) memory.drop("sessionStorage", DRAFT); });

on("change", (event) => {
  const fold = event.target.dataset?.opens;
  if (fold) find(`#${fold}`)?.setAttribute("open", "");
});

function prepare() {
  for (const field of all("textarea[data-grow]")) {
    if ("draft" in field.dataset && !field.value) field.value = memory.read("sessionStorage", DRAFT) ?? "";
    grow(field);
    count(field);
  }
  for (const box of all("[data-single-keys]")) box.checked = singleKeys();
}

/* Pictures to work from: dropped or pasted anywhere, they go where the button would put them. */

const takesPictures = () => find(".guides:not(.no-js) [data-takes-pictures]");

function offer(files) {
  const field = takesPictures();
  const pictures = [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!field || !pictures.length) return false;
  const box = new DataTransfer();
  for (const picture of pictures) box.items.add(picture);
  field.files = box.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && takesPictures();
on("paste", (event) => { if (offer(event.clipboardData?.files)) event.preventDefault(); });
on("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  root.classList.add("dropping");
});
on("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("dropping"); });
on("drop", (event) => {
  root.classList.remove("dropping");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  offer(event.dataTransfer.files);
});

on("input", (event) => {
  const shown = event.target.matches("[data-slider]") && find(`output[for="${event.target.id}"]`);
  if (shown) shown.textContent = event.target.value;
});

/* The feed: how many are on their way, and when one is done. */

const statuses = () => new Map(all("#jobs [data-status]").map((job) => [job.id, job.dataset.status]));
let known = new Map();

function watchFeed() {
  const feed = find("#jobs");
  if (!feed) return;
  const title = document.title.replace(/^\(\d+\) /, "");
  const unfinished = Number(feed.dataset.unfinished);
  document.title = unfinished ? `(${unfinished}) ${title}` : title;
  const now = statuses();
  for (const [id, status] of now) if (known.has(id) && known.get(id) !== status) announce(id, status);
  known = now;
}

function announce(id, status) {
  const place = find("#announce");
  const word = { succeeded: place?.dataset.done, failed: place?.dataset.failed }[status];
  if (word) place.textContent = `${word}: ${find(`#${id}-title`)?.textContent ?? ""}`;
}

/* htmx. What somebody is typing is newer than any answer. */

if (window.Idiomorph) Idiomorph.defaults.ignoreActiveValue = true;

on("htmx:beforeRequest", (event) => {
  // Hidden pages need no news; the next tick after they show asks.
  if (document.hidden && event.target.id === "jobs") event.preventDefault();
});

/* An order waits for its price, so that nobody is refused for being quick. */

const price = { stale: false, asked: false, order: false };

on("input", (event) => { if (window.htmx && event.target.closest(".priced")) price.stale = true; });

on("htmx:configRequest", (event) => {
  if (!event.target.matches(".priced")) return;
  price.stale = false;
  price.asked = true;
});

on("submit", (event) => {
  if (event.target.id !== "create-form") return;
  // What is no number at all never reaches the server, which would take the default instead.
  const unread = all("input", event.target).find((field) => field.validity.badInput);
  if (unread) {
    event.preventDefault();
    event.stopImmediatePropagation();
    unread.reportValidity();
    return;
  }
  for (const note of all(".field-error, #form-errors", event.target)) note.remove();
  for (const field of all("[aria-invalid]", event.target)) field.removeAttribute("aria-invalid");
  if (!price.stale && !price.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  price.order = true;
}, window, true);

function priced() {
  price.asked = false;
  if (price.stale || !price.order) return;
  price.order = false;
  find("#create-form")?.requestSubmit();
}

on("htmx:afterSettle", (event) => {
  watchFeed();
  if (event.target.id === "create-form") find("[aria-invalid=true]", event.target)?.focus();
  for (const field of all("textarea[data-grow]")) grow(field);
});

on("htmx:afterRequest", (event) => {
  if (event.target.matches(".priced")) priced();
  if (event.target.id !== "create-form") return;
  // A button that was off while it worked has lost the focus.
  if (document.activeElement === document.body) find("#create-button")?.focus({ preventScroll: true });
  if (!event.detail.successful) return;
  memory.drop("sessionStorage", DRAFT);
  const feed = find("#jobs");
  if (feed && feed.getBoundingClientRect().top > innerHeight * 0.8) feed.scrollIntoView({ block: "start", behavior: "smooth" });
});

for (const [name, text] of [["htmx:sendError", "failed"], ["htmx:responseError", "refused"]]) {
  // A poll that fails is silent: the next one may succeed.
  on(name, (event) => { if (event.target.id !== "jobs") toast(find("#toasts")?.dataset[text], "error"); });
}

prepare();
watchFeed();
on("pageshow", (event) => { if (event.persisted) prepare(); }, window);

/* Gallery: the way back to the spot, and likes that show at once. */

on("htmx:afterSettle", (event) => {
  const chunks = all(".justified [data-seen]");
  if (chunks.length < 2) return;
  const here = new URL(location.href);
  const seen = chunks.at(-1).dataset.seen;
  if (here.searchParams.get("n") === seen) return;
  here.searchParams.set("n", seen);
  history.replaceState(history.state, "", here);
  // Whoever pressed "Load more" goes on at the first new picture.
  const pressed = event.detail.requestConfig?.triggeringEvent?.type === "click";
  if (pressed) find("a", chunks.at(-2).nextElementSibling)?.focus();
});

/* A last row would be set anew when more comes: it waits, so that nothing on the screen moves. */

const wall = find(".justified:has(> .more)");

function holdLastRow() {
  const cards = all(":scope > .picture", wall);
  for (const card of cards) card.hidden = false;
  if (!find(":scope > .automatic", wall)) return;
  const last = cards.at(-1)?.offsetTop;
  const row = cards.filter((card) => card.offsetTop === last);
  if (row.length < cards.length) for (const card of row) card.hidden = true;
}

if (wall) {
  holdLastRow();
  new MutationObserver(holdLastRow).observe(wall, { childList: true });
  on("resize", holdLastRow, window);
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    // What does not come keeps nothing waiting.
    on(name, (event) => { event.target.closest(".more")?.classList.remove("automatic"); holdLastRow(); }, wall);
  }
}

function flipLike(button) {
  const liked = button.getAttribute("aria-pressed") === "true";
  const number = find(".number", button);
  button.setAttribute("aria-pressed", String(!liked));
  number.textContent = Number(number.textContent) + (liked ? -1 : 1);
}
on("htmx:beforeRequest", (event) => { if (event.target.matches("[data-like]")) flipLike(event.target); });
on("htmx:afterRequest", (event) => {
  if (event.target.matches("[data-like]") && !event.detail.successful) flipLike(event.target);
});

/* A page that Back brings shows hearts as they were when it was left: what was said since is kept. */

const LIKES = "limner-likes";
const likes = () => JSON.parse(memory.read("sessionStorage", LIKES) ?? "{}");
on("htmx:load", ({ target }) => {
  if (!target.matches("[data-like]")) return;
  const said = [target.value, target.getAttribute("aria-pressed"), find(".number", target).textContent];
  memory.write("sessionStorage", LIKES, JSON.stringify({ ...likes(), [target.id]: said }));
});
on("click", (event) => { if (event.target.closest?.("[data-forget]")) memory.drop("sessionStorage", LIKES); });
on("pageshow", (event) => {
  if (!event.persisted && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  for (const [id, [value, pressed, number]] of Object.entries(likes())) {
    const button = document.getElementById(id);
    if (!button) continue;
    button.value = value;
    button.setAttribute("aria-pressed", pressed);
    find(".number", button).textContent = number;
  }
}, window);
