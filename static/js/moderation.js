/* Keys for the moderators' queue; every one of them presses a button that is there anyway. */
"use strict";

const cases = () => [...document.querySelectorAll("[data-case]")];
const current = () => document.activeElement?.closest?.("[data-case]") ?? null;

function step(by) {
  const all = cases();
  const at = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}

function look() {
  const box = (current() ?? cases()[0])?.querySelector(".look");
  if (box) box.open = !box.open;
}

/* The first picture is not decided about by accident: a key needs one that is chosen. */
const decide = (key) => current()?.querySelector(`[data-decide="${key}"]`)?.click();

const typing = (element) => element.matches?.("input, textarea, select");
const off = () => { try { return localStorage.getItem("limner.single-keys") === "off"; } catch { return false; } };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || off()) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "v") look();
  else if (event.key === "u") document.querySelector("[data-undo]")?.click();
  else if ("asrb".includes(event.key)) decide(event.key);
  else return;
  event.preventDefault();
});

/* After a decision the page comes anew: go on with the first. Whoever comes back later chooses. */
if (document.querySelector(".messagelist .success")) cases()[0]?.focus();
