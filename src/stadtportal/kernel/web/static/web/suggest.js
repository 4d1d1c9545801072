// Suggestions below search fields (the editable combobox of WAI-ARIA's practices), and the last searches of this
// device. data-suggest is the address that answers, or empty. Forms work without it.

const KEPT = "stadtportal-suchen";

// Storage may be blocked: then nothing is kept.
const stored = (use) => {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
};
const recall = () => [stored((storage) => JSON.parse(storage.getItem(KEPT)))].flat().filter((one) => one?.trim);

const set = (element, attributes) => Object.entries(attributes).forEach((pair) => element.setAttribute(...pair));
const make = (tag, attributes, ...inside) => {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...inside);
  return element;
};

const attach = (input) => {
  const id = `${input.id}-vorschlaege`;
  const around = input.parentElement;
  const list = make("ul", { role: "listbox", id, "aria-label": "Vorschläge" });
  const forget = make("button", { type: "button" }, "Verlauf löschen");
  const foot = make("p", {}, "Ihre letzten Suchen, nur auf diesem Gerät. ", forget);
  const box = make("div", { class: "suggest", hidden: "" }, list, foot);
  const status = make("p", { class: "kern-sr-only", role: "status" });
  around.append(box, status);
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": false });

  let [options, active, timer, asking] = [[], -1, 0, null];

  const mark = (at) => {
    if (active >= 0) set(list.children[active], { "aria-selected": false });
    active = at;
    input.removeAttribute("aria-activedescendant");
    const option = list.children[at];
    if (!option) return;
    set(option, { "aria-selected": true });
    set(input, { "aria-activedescendant": option.id });
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (found, recent = false) => {
    mark(-1);
    options = found;
    list.replaceChildren(...found.map(({ text, detail = "" }, at) => make(
      "li", { role: "option", id: `${id}-${at}`, "aria-selected": false }, text, make("span", {}, detail),
    )));
    foot.hidden = !recent;
    box.hidden = !found.length;
    set(input, { "aria-expanded": !box.hidden });
    status.textContent = box.hidden ? "" : `${found.length} ${found.length > 1 ? "Vorschläge" : "Vorschlag"}`;
  };
  const stop = () => {
    clearTimeout(timer);
    asking?.abort();
  };
  const close = () => {
    stop();
    if (!box.hidden) show([]);
  };
  const choose = ({ text, kind, url }) => {
    close();
    if (kind === "entry" && /^\/(?!\/)/.test(url)) location.assign(url);
    else {
      input.value = text;
      input.form.requestSubmit();
    }
  };
  const ask = async (text) => {
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      const { suggestions = [] } = answer.ok ? await answer.json() : {};
      if (document.activeElement === input) show(suggestions);
    } catch { /* Given up for a newer one, or nobody answers. */ }
  };
  const open = () => {
    stop();
    const text = input.value.trim();
    if (!text) show(recall().map((one) => ({ text: one })), true);
    else if (input.dataset.suggest && text.length > 1) timer = setTimeout(ask, 120, text);
    else show([]);
  };

  input.addEventListener("input", open);
  const recent = () => box.hidden && !input.value && open();
  ["focus", "click"].forEach((name) => input.addEventListener(name, recent));
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.isComposing) return;
    if (step && box.hidden) open();
    // One place more than there are options: the field itself.
    else if (step) mark((active + 1 + step + options.length + 1) % (options.length + 1) - 1);
    else if (key === "Enter" && active >= 0) choose(options[active]);
    else if (key === "Escape" && !box.hidden) close();
    else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) mark(-1);
      return;
    }
    event.preventDefault();
  });
  // The field keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(options[[...list.children].indexOf(option)]);
  });
  forget.addEventListener("click", () => {
    stored((storage) => storage.removeItem(KEPT));
    input.focus();
    close();
    status.textContent = "Der Verlauf ist gelöscht.";
  });
  around.addEventListener("focusout", ({ relatedTarget }) => around.contains(relatedTarget) || close());
  input.form.addEventListener("submit", () => {
    const text = input.value.trim();
    const texts = [text, ...recall().filter((one) => one !== text)].slice(0, 8);
    if (text) stored((storage) => storage.setItem(KEPT, JSON.stringify(texts)));
    close();
  });
};

document.querySelectorAll("input[data-suggest]").forEach(attach);
