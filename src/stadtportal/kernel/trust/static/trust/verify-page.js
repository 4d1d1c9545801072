// The page "Protokoll prüfen": fetches the bundles, has them checked, shows what was found, remembers the checkpoint.

const place = document.querySelector("[data-verify-log]");
const button = place.querySelector("[data-verify-start]");
const forget = place.querySelector("[data-verify-forget]");
const answer = place.querySelector("[data-verify-answer]");
const list = place.querySelector("[data-verify-findings]");
const KEPT = "zugriffsprotokoll";
const TONES = { good: "success", bad: "danger", open: "warning", note: "info" };
const WORDS = { good: "Stimmt", bad: "Stimmt nicht", open: "Nicht geprüft", note: "Hinweis" };

const remembered = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
};

const fetchBundle = async (after, known) => {
  const reply = await fetch(`${place.dataset.bundle}?nach=${after}&bekannt=${known}`, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  return reply.json();
};

const show = ({ state, title, text }) => {
  const line = document.createElement("li");
  const badge = document.createElement("span");
  badge.className = `kern-badge kern-badge--${TONES[state]}`;
  const word = document.createElement("span");
  word.className = "kern-label";
  word.textContent = WORDS[state];
  badge.append(word);
  const strong = document.createElement("strong");
  strong.textContent = title;
  const said = document.createElement("p");
  said.textContent = text;
  line.append(badge, " ", strong, said);
  list.append(line);
};

/** Check bundle after bundle to the end of the chain; returns all findings and what to keep if nothing was bad. */
const verify = async (verifier, kept) => {
  let before = verifier.beginning(kept);
  const findings = [];
  for (;;) {
    const bundle = await fetchBundle(before.last.seq, verifier.knownSize(before.note));
    const checked = await verifier.checkBundle(bundle, before, Date.now());
    findings.push(...checked.findings);
    if (checked.after === null) return { findings, keep: null };
    if (bundle.events.length === 0 || checked.after.last.seq >= bundle.head.seq) {
      findings.push(...verifier.checkEnd(bundle, checked.after, Date.now()));
      return { findings, keep: bundle.checkpoint ? verifier.toKeep(bundle, checked.after) : null };
    }
    before = checked.after;
    answer.textContent = `${before.last.seq} von ${bundle.head.seq} Zugriffen geprüft`;
  }
};

const sum = (findings) => {
  if (findings.some((one) => one.state === "bad")) {
    return "Das Protokoll stimmt nicht. Unten steht, was nicht stimmt. Bitte melden Sie es der oder dem Datenschutzbeauftragten.";
  }
  if (findings.some((one) => one.state === "open")) return "Was geprüft werden konnte, stimmt. Nicht alles konnte geprüft werden.";
  return "Das Protokoll stimmt.";
};

const start = async () => {
  button.disabled = true;
  list.replaceChildren();
  answer.textContent = "Wird geprüft …";
  try {
    const { findings, keep } = await verify(await import(place.dataset.verifier), remembered());
    const shown = new Set();
    for (const one of findings) {
      const said = JSON.stringify(one);
      if (!shown.has(said)) show(one);
      shown.add(said);
    }
    answer.textContent = sum(findings);
    if (keep && !findings.some((one) => one.state === "bad")) localStorage.setItem(KEPT, JSON.stringify(keep));
  } catch (problem) {
    console.warn(problem);
    answer.textContent = "Die Prüfung ist abgebrochen: Das Portal hat nicht geantwortet. Bitte versuchen Sie es noch einmal.";
  }
  forget.hidden = remembered() === null;
  button.disabled = false;
};

if (globalThis.crypto?.subtle) {
  button.hidden = false;
  forget.hidden = remembered() === null;
  button.addEventListener("click", start);
  forget.addEventListener("click", () => {
    localStorage.removeItem(KEPT);
    forget.hidden = true;
    answer.textContent = "Dieser Browser hat den Prüfpunkt vergessen.";
  });
} else {
  answer.textContent = "Ihr Browser kann auf dieser Seite nicht rechnen. Prüfen Sie mit einem anderen oder wie unten beschrieben.";
}
