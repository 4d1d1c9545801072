// Makes pages quicker and safer to use; every page works without this file.

const root = document.documentElement;
root.classList.add("js");

if (window.htmx) {
  Object.assign(window.htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    // An error is a page; the server says where it goes (HX-Retarget).
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "[45]..", swap: true, error: true },
    ],
  });
}

/** Say something to people who listen to the page. */
const say = (() => {
  let region = null;
  return (text) => {
    if (!region) {
      region = document.createElement("div");
      region.className = "kern-sr-only";
      region.setAttribute("role", "status");
      document.body.append(region);
    }
    region.textContent = text;
  };
})();

// A form is sent once. Coming back by the browser's button makes it usable again.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  form.setAttribute("aria-busy", "true");
  say("Wird gesendet. Bitte warten Sie einen Moment.");
});
const release = (form) => {
  sent.delete(form);
  form.removeAttribute("aria-busy");
};
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.closest) {
    const form = event.target.closest("form");
    if (form) release(form);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (button) window.print();
});

// Where somebody is becomes a part of the address, rounded to about a hundred metres, and is told to nobody else.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button) return;
  const fail = (sentence) => {
    button.removeAttribute("aria-busy");
    const said = button.parentElement.querySelector("[data-located]") ?? document.createElement("span");
    said.dataset.located = "";
    said.setAttribute("role", "alert");
    button.after(said);
    said.textContent = sentence;
  };
  if (!navigator.geolocation) {
    fail("Ihr Browser kann den Standort nicht bestimmen.");
    return;
  }
  button.setAttribute("aria-busy", "true");
  say("Ihr Standort wird bestimmt.");
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const target = new URL(button.dataset.locate, location.href);
    target.searchParams.set("ort", [coords.latitude, coords.longitude].map((one) => one.toFixed(3)).join(","));
    location.assign(target);
  }, ({ code }) => fail(code === 1
    ? "Ihr Browser gibt den Standort nicht frei."
    : "Ihr Standort ließ sich nicht bestimmen."), { timeout: 10000, maximumAge: 300000 });
});

/** Whatever needs this file shows itself, errors come into focus, maps load when they come into view. */
const prepare = (part) => {
  part.querySelectorAll("[data-needs-js][hidden]").forEach((element) => element.removeAttribute("hidden"));
  const summary = part.querySelector("[data-focus]");
  if (summary) summary.focus();
  const maps = part.querySelectorAll("[data-map]:not([data-map-seen])");
  if (!maps.length) return;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      import(entry.target.dataset.module).then((module) => module.open(entry.target));
    }
  }, { rootMargin: "100px" });
  maps.forEach((element) => {
    element.dataset.mapSeen = "";
    seen.observe(element);
  });
};
prepare(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) prepare(event.target);
});
