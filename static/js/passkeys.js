/* Passkeys: a form with data-passkey is sent when the device has signed. Texts come from the page. */
"use strict";

function trouble(form, kind) {
  const place = form.querySelector("[data-passkey-trouble]");
  place.hidden = !kind;
  place.textContent = kind ? place.dataset[kind] : "";
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function sign(form) {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const signed = form.elements.namedItem("credential");
  form.addEventListener("submit", async (event) => {
    if (signed.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      trouble(form, "unsupported");
      return;
    }
    trouble(form, "");
    try {
      signed.value = JSON.stringify(await sign(form));
    } catch {
      trouble(form, "refused");
      return;
    }
    form.submit();
  });
  // Whoever comes back signs anew.
  window.addEventListener("pageshow", () => { signed.value = ""; });
}
