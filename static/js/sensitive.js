/* A press shows a veiled picture, another one veils it again. Without this file the button opens
   the picture's own page, where it is shown. */
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-veil]");
  const picture = button?.closest(".veiled");
  if (!picture) return;
  event.preventDefault();
  button.setAttribute("aria-pressed", String(picture.classList.toggle("shown")));
});
