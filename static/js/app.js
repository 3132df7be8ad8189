/* Limner: what pages need beyond HTML. Texts come from the page, never from here. */
document.documentElement.classList.add("js");
