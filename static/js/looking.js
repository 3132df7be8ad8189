/* Looking closer: two pictures over each other, and one at any size. Texts come from the page. */
"use strict";

/* <limner-compare> with two figures and a range: the range moves the edge between them. */

customElements.define("limner-compare", class extends HTMLElement {
  connectedCallback() {
    const range = this.querySelector("input[type=range]");
    const move = () => this.style.setProperty("--at", `${range.value}%`);
    range?.addEventListener("input", move);
    if (range) move();
  }
});

/* <dialog class="zoom" data-src>: fits the window, or any size up to eight times its pixels. */

class Zoom {
  constructor(dialog) {
    this.dialog = dialog;
    this.ground = dialog.querySelector(".ground");
    this.picture = dialog.querySelector("img");
    this.said = dialog.querySelector("output");
    this.picture.addEventListener("load", () => this.fit());
    dialog.addEventListener("click", (event) => this.pressed(event));
    dialog.addEventListener("keydown", (event) => this.key(event));
    this.ground.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.ground.addEventListener("dblclick", () => this.scaleTo(this.scale === 1 ? this.fitting() : 1));
    this.ground.addEventListener("pointerdown", (event) => this.grab(event));
    addEventListener("resize", () => { if (dialog.open) this.fit(); });
  }
  open() {
    if (!this.picture.src) this.picture.src = this.dialog.dataset.src;
    this.dialog.showModal();
    if (this.picture.complete) this.fit();
    this.ground.focus();
  }
  fitting() {
    const { naturalWidth, naturalHeight } = this.picture;
    return Math.min(innerWidth / (naturalWidth || 1), innerHeight / (naturalHeight || 1), 1);
  }
  fit() { this.scaleTo(this.fitting()); }
  scaleTo(scale, at) {
    const before = this.scale || scale;
    this.scale = Math.min(8, Math.max(this.fitting(), scale));
    const { x, y } = at ?? { x: innerWidth / 2, y: innerHeight / 2 };
    const grown = this.scale / before;
    const left = (this.ground.scrollLeft + x) * grown - x;
    const top = (this.ground.scrollTop + y) * grown - y;
    this.picture.style.inlineSize = `${this.picture.naturalWidth * this.scale}px`;
    this.ground.scrollTo(left, top);
    this.said.textContent = `${Math.round(this.scale * 100)} %`;
  }
  pressed(event) {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    const act = { in: () => this.scaleTo(this.scale * 1.5), out: () => this.scaleTo(this.scale / 1.5), fit: () => this.fit(), full: () => this.scaleTo(1) };
    act[button.dataset.zoom]?.();
  }
  key(event) {
    const act = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[event.key];
    if (act) this.scaleTo(this.scale * act);
    else if (event.key === "0") this.fit();
    else if (event.key === "1") this.scaleTo(1);
    else return;
    event.preventDefault();
  }
  wheel(event) {
    event.preventDefault();
    this.scaleTo(this.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), { x: event.clientX, y: event.clientY });
  }
  grab(start) {
    if (start.pointerType !== "mouse" || start.button) return;
    start.preventDefault();
    this.ground.focus();
    const from = { left: this.ground.scrollLeft, top: this.ground.scrollTop };
    const drag = (event) => this.ground.scrollTo(from.left - event.clientX + start.clientX, from.top - event.clientY + start.clientY);
    const drop = () => { removeEventListener("pointermove", drag); removeEventListener("pointerup", drop); };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop);
  }
}

const zoomed = document.querySelector("dialog.zoom");
if (zoomed) {
  const zoom = new Zoom(zoomed);
  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const opener = event.target.closest?.("[data-opens-zoom]");
    if (!plain || !opener) return;
    event.preventDefault();
    // What is blurred is shown first.
    const veil = opener.closest(".veiled:not(.shown)")?.querySelector("[data-veil]");
    if (veil) veil.click();
    else zoom.open();
  });
}
