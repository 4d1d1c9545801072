// Checks what the portal says about one person's access log: a second implementation, written apart from the server's. It
// trusts nothing but SHA-256 and Ed25519 of the browser. Nothing here touches the page or the network; hashes are
// Uint8Array of 32 bytes.

const DOMAIN = new TextEncoder().encode("stadtportal/access-event/v1\n");
const utf8 = (text) => new TextEncoder().encode(text);

export class Malformed extends Error {}

/** Join byte arrays. */
const join = (...parts) => {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return joined;
};

export const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const pairHash = (left, right) => sha256(Uint8Array.of(1), left, right);
export const equal = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
export const hex = (raw) => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Read base64 written in the one canonical way. */
export const fromBase64 = (text, length) => {
  let raw;
  try {
    raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    throw new Malformed("kein Base64");
  }
  if (btoa(String.fromCharCode(...raw)) !== text) throw new Malformed("kein eindeutiges Base64");
  if (length !== undefined && raw.length !== length) throw new Malformed(`${raw.length} statt ${length} Bytes`);
  return raw;
};
export const toBase64 = (raw) => btoa(String.fromCharCode(...raw));

/** Write a value as canonical JSON (RFC 8785): names in the order of their UTF-16 units, no spaces. */
export const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.keys(value).sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
};

/** The 32 bytes that stand for an event in the tree. */
export const commitment = (event, salt) => sha256(DOMAIN, salt, utf8(canonical(event)));

/** The largest power of two below a size of at least 2. */
const split = (size) => {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
};

/**
 * Fold a proof into the root of a tree of `size` entries in which `leaf` stands at `number` (RFC 6962, 2.1.1):
 * from the root down to the leaf, as the recursive definition has it. Returns null for a proof of the wrong length.
 */
export const rootByInclusion = async (leaf, number, size, proof) => {
  if (!Number.isSafeInteger(number) || number < 0 || number >= size) return null;
  const rest = [...proof];
  const fold = async (at, width) => {
    if (width === 1) return leaf;
    if (rest.length === 0) throw new Malformed("der Nachweis ist zu kurz");
    const half = split(width);
    const beside = rest.pop();
    return at < half ? pairHash(await fold(at, half), beside) : pairHash(beside, await fold(at - half, width - half));
  };
  try {
    const root = await fold(number, size);
    return rest.length === 0 ? root : null;
  } catch (problem) {
    if (problem instanceof Malformed) return null;
    throw problem;
  }
};

/** Tell whether the tree of `size` entries begins with the one of `oldSize` (RFC 6962, 2.1.2, by its definition). */
export const growsFrom = async (oldSize, oldRoot, size, root, proof) => {
  if (!(oldSize > 0) || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && equal(oldRoot, root);
  const rest = [...proof];
  const take = () => {
    if (rest.length === 0) throw new Malformed("der Nachweis ist zu kurz");
    return rest.pop();
  };
  // Returns the hash of the old part and of the whole of the subtree of `width` entries, `old` of them old.
  const fold = async (old, width, complete) => {
    if (old === width) {
      const known = complete ? oldRoot : take();
      return [known, known];
    }
    const half = split(width);
    const beside = take();
    if (old <= half) {
      const [before, now] = await fold(old, half, complete);
      return [before, await pairHash(now, beside)];
    }
    const [before, now] = await fold(old - half, width - half, false);
    return [await pairHash(beside, before), await pairHash(beside, now)];
  };
  try {
    const [before, now] = await fold(oldSize, size, true);
    return rest.length === 0 && equal(before, oldRoot) && equal(now, root);
  } catch (problem) {
    if (problem instanceof Malformed) return false;
    throw problem;
  }
};

/** Read a key written as name+id+key; its id is checked. */
export const readKey = async (text) => {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (!parts) throw new Malformed("der Schlüssel ist nicht lesbar");
  const [, name, id, encoded] = parts;
  const raw = fromBase64(encoded, 33);
  const made = (await sha256(utf8(`${name}\n`), raw)).slice(0, 4);
  if (raw[0] !== 1 || hex(made) !== id) throw new Malformed("Schlüssel und Kennung gehören nicht zusammen");
  return { name, id: made, raw: raw.slice(1) };
};

/** Tell whether this browser can check Ed25519 signatures. */
export const knowsEd25519 = async () => {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
};

/** Read a checkpoint (a signed note): name, size and root, the text that is signed, and the log's signatures. */
export const readCheckpoint = (note, key) => {
  const parts = /^(([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\n)\n((?:— [^\s]+ [A-Za-z0-9+/=]+\n)+)$/.exec(note);
  if (!parts) throw new Malformed("der Prüfpunkt ist nicht lesbar");
  const [, body, origin, size, root, lines] = parts;
  if (origin !== key.name) throw new Malformed(`der Prüfpunkt gehört zu „${origin}“`);
  const signatures = lines
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, name]) => name === key.name)
    .map(([, , encoded]) => fromBase64(encoded))
    .filter((raw) => raw.length === 68 && equal(raw.slice(0, 4), key.id))
    .map((raw) => raw.slice(4));
  if (signatures.length === 0) throw new Malformed("der Prüfpunkt trägt keine Unterschrift dieses Protokolls");
  return { body, size: Number(size), root: fromBase64(root, 32), signatures };
};

/** Tell whether the log signed the checkpoint. */
export const isSigned = async (checkpoint, key) => {
  const imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  for (const signature of checkpoint.signatures) {
    if (await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, utf8(checkpoint.body))) return true;
  }
  return false;
};

// A bundle holds a checkpoint, the log's key, events with salt, place and proof, the head of the person's chain and the
// proof that the log grew from a checkpoint known before. Findings are { state, title, text } with state "good", "bad",
// "open" (could not be checked) or "note" (worth knowing, nothing wrong).

const LONGEST_WAIT_MS = 10 * 60 * 1000;
const KEPT_FOR_MS = 3 * 365 * 24 * 3600 * 1000; // So long an access is kept.
const NOTHING_SEEN = { seq: 0, commitment: "", at: "" };
const found = (state, title, text) => ({ state, title, text });
const many = (count, one, more) => (count === 1 ? `1 ${one}` : `${count} ${more}`);

/** What a check starts from: nothing, or what this browser (or the page before of a long log) has already seen. */
export const beginning = (kept) => ({
  key: kept?.key ?? "",
  note: kept?.note ?? "",
  heads: kept?.heads ?? {}, // Several people may use one browser: the end of each chain, by person.
  subject: "",
  head: NOTHING_SEEN,
  last: { seq: 0, commitment: "", leaf: -1, at: "" },
  first: 0,
  waiting: 0,
});

/** The size of the log that was seen before; 0 before the first check. */
export const knownSize = (note) => Number(/^[^\n]+\n(\d{1,16})\n/.exec(note)?.[1] ?? 0);

/**
 * Check one bundle against what `before` has seen. Returns { findings, after }; `after` is what the next bundle is
 * checked against, and null when anything was bad. `now` is in milliseconds.
 */
export const checkBundle = async (bundle, before, now) => {
  const findings = [];
  try {
    const after = await check(bundle, before, now, (...said) => findings.push(found(...said)));
    return { findings, after: findings.some((one) => one.state === "bad") ? null : after };
  } catch (problem) {
    if (!(problem instanceof Malformed || problem instanceof TypeError)) throw problem;
    findings.push(found("bad", "Nachweis nicht lesbar", `Das Portal hat etwas geliefert, das kein Nachweis ist (${problem.message}).`));
    return { findings, after: null };
  }
};

const check = async (bundle, before, now, say) => {
  if (!bundle.checkpoint) return checkEmpty(bundle, before, say);
  const key = await readKey(bundle.key);
  if (before.key && before.key !== bundle.key) {
    say("bad", "Anderer Schlüssel", "Das Protokoll ist mit einem anderen Schlüssel unterschrieben als bei Ihrer letzten Prüfung.");
  }
  const checkpoint = readCheckpoint(bundle.checkpoint, key);
  await checkSignature(checkpoint, key, say);
  await checkGrowth(bundle, before, key, checkpoint, say);
  const after = await checkEvents(bundle, before, checkpoint, now, say);
  return { ...after, key: bundle.key, note: bundle.checkpoint, subject: bundle.subject };
};

const checkEmpty = (bundle, before, say) => {
  if (before.note) {
    say("bad", "Protokoll verschwunden", `Bei Ihrer letzten Prüfung hatte das Protokoll ${knownSize(before.note)} Einträge, jetzt hat es keinen.`);
  } else if (bundle.events.length > 0) {
    say("open", "Noch kein Prüfpunkt", "Ihre Zugriffe warten noch auf ihren Eintrag. Prüfen Sie in einer Minute noch einmal.");
  } else {
    say("note", "Noch keine Zugriffe", "Bisher hat niemand Ihre Daten angesehen. Es gibt noch nichts zu prüfen.");
  }
  return before;
};

const checkSignature = async (checkpoint, key, say) => {
  if (!(await knowsEd25519())) {
    say("open", "Unterschrift nicht geprüft", "Ihr Browser kann Unterschriften dieser Art (Ed25519) nicht prüfen. Alles andere prüft er.");
  } else if (await isSigned(checkpoint, key)) {
    say("good", "Unterschrift echt", `Der Prüfpunkt mit ${many(checkpoint.size, "Eintrag", "Einträgen")} ist vom Protokoll unterschrieben.`);
  } else {
    say("bad", "Unterschrift falsch", "Der Prüfpunkt ist nicht mit dem Schlüssel des Protokolls unterschrieben.");
  }
};

const checkGrowth = async (bundle, before, key, checkpoint, say) => {
  if (!before.note) {
    say("note", "Erste Prüfung in diesem Browser", "Ab jetzt merkt sich der Browser den Prüfpunkt. Die nächste Prüfung findet, wenn das Protokoll bis dahin zurückgedreht wurde.");
    return;
  }
  let kept;
  try {
    kept = readCheckpoint(before.note, key);
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem;
    say("bad", "Gehört nicht zum gemerkten Prüfpunkt", "Das Protokoll trägt einen anderen Namen oder Schlüssel als bei Ihrer letzten Prüfung.");
    return;
  }
  if (kept.size > checkpoint.size) {
    say("bad", "Protokoll zurückgedreht", `Bei Ihrer letzten Prüfung hatte es ${kept.size} Einträge, jetzt nur noch ${checkpoint.size}.`);
    return;
  }
  const proof = bundle.consistency.map((one) => fromBase64(one, 32));
  const unchanged = kept.size === 0 || (await growsFrom(kept.size, kept.root, checkpoint.size, checkpoint.root, proof));
  if (unchanged) {
    say("good", "Nur gewachsen", `Alle ${kept.size} Einträge Ihrer letzten Prüfung stehen unverändert im Protokoll.`);
  } else {
    say("bad", "Protokoll umgeschrieben", `Die ersten ${kept.size} Einträge sind nicht mehr dieselben wie bei Ihrer letzten Prüfung.`);
  }
};

const checkEvents = async (bundle, before, checkpoint, now, say) => {
  if (before.subject && before.subject !== bundle.subject) {
    say("bad", "Fremdes Protokoll", "Mitten in der Prüfung kam das Protokoll einer anderen Person.");
  }
  const chain = { ...before, head: before.heads[bundle.subject] ?? NOTHING_SEEN, last: { ...before.last } };
  let proved = 0;
  let bad = 0;
  const wrong = (title, text) => {
    bad += 1;
    say("bad", title, text);
  };
  for (const { event, salt, leaf, proof } of bundle.events) {
    const seq = event.subj_seq;
    const name = `Zugriff ${seq}`;
    const made = await commitment(event, fromBase64(salt, 32));
    if (event.subject !== bundle.subject) wrong("Fremder Zugriff", `${name} handelt von einer anderen Person.`);
    checkPlace(event, seq, name, chain, wrong, say);
    if (seq === chain.head.seq && toBase64(made) !== chain.head.commitment) {
      wrong("Zugriff umgeschrieben", `${name} ist nicht mehr derselbe wie bei Ihrer letzten Prüfung.`);
    }
    if (leaf === null) {
      chain.waiting += 1;
      if (now - Date.parse(event.at) > LONGEST_WAIT_MS) {
        say("open", "Wartet ungewöhnlich lange", `${name} hat nach mehr als zehn Minuten noch keinen Eintrag im Protokoll.`);
      }
    } else {
      const path = proof.map((one) => fromBase64(one, 32));
      const root = await rootByInclusion(await leafHash(made), leaf, checkpoint.size, path);
      if (root === null || !equal(root, checkpoint.root)) {
        wrong("Zugriff verändert", `${name} steht so nicht im Protokoll: Er wurde verändert oder nachträglich eingefügt.`);
      } else {
        proved += 1;
      }
      if (leaf <= chain.last.leaf || chain.waiting > 0) {
        wrong("Reihenfolge verändert", `${name} steht im Protokoll nicht hinter den Zugriffen vor ihm.`);
      }
      chain.last.leaf = leaf;
    }
    chain.last = { ...chain.last, seq, commitment: hex(made), at: event.at };
  }
  if (proved > 0) say("good", "Zugriffe unverändert", `${many(proved, "Zugriff steht", "Zugriffe stehen")} genau so im Protokoll, wie Sie sie lesen.`);
  if (bad === 0 && bundle.events.length > 0) say("good", "Nichts ausgelassen", "Ihre Zugriffe sind fortlaufend nummeriert, und jeder nennt den vor ihm.");
  return chain;
};

/** Compare one event's number and its link with the event before. */
const checkPlace = (event, seq, name, chain, wrong, say) => {
  const { last } = chain;
  if (!Number.isSafeInteger(seq) || seq < 1) throw new Malformed("eine Nummer fehlt");
  if (last.seq === 0) {
    chain.first = seq;
    if (seq === 1 && event.subj_prev !== "") wrong("Kette gerissen", `${name} ist der erste und nennt doch einen vor ihm.`);
    if (seq > 1) {
      say("note", "Ältere Zugriffe gelöscht", `Ihr Protokoll beginnt mit ${name}. ${many(seq - 1, "älterer Zugriff ist", "ältere Zugriffe sind")} nicht mehr gespeichert. Das ist nur nach Ablauf der Aufbewahrung in Ordnung.`);
    }
  } else if (seq !== last.seq + 1) {
    wrong("Zugriff fehlt", `Auf Zugriff ${last.seq} folgt ${name}.`);
  } else if (event.subj_prev !== last.commitment) {
    wrong("Kette gerissen", `${name} nennt nicht den Zugriff vor ihm.`);
  }
};

/** Compare the end of the chain with what the last bundle says and with what was seen before; returns findings. */
export const checkEnd = (bundle, after, now) => {
  const findings = [];
  const { last, head } = after;
  const claimed = { seq: bundle.head.seq, commitment: hex(fromBase64(bundle.head.commitment)) };
  if (last.seq !== claimed.seq || (last.seq > 0 && last.commitment !== claimed.commitment)) {
    findings.push(found("bad", "Am Ende fehlt ein Zugriff", `Die Kette endet mit Zugriff ${claimed.seq}, geliefert wurde bis Zugriff ${last.seq}.`));
  }
  if (last.seq < head.seq) {
    findings.push(found("bad", "Zugriffe verschwunden", `Bei Ihrer letzten Prüfung gab es Zugriff ${head.seq}, jetzt endet das Protokoll mit Zugriff ${last.seq}.`));
  } else if (head.seq > 0 && after.first > head.seq) {
    const young = now - Date.parse(head.at) < KEPT_FOR_MS;
    const rest = young ? "Dabei hätte er noch aufbewahrt werden müssen." : "Seine Aufbewahrung war abgelaufen.";
    findings.push(found(young ? "bad" : "note", "Seit der letzten Prüfung gelöscht", `Zugriff ${head.seq} ist nicht mehr gespeichert. ${rest}`));
  }
  if (after.waiting > 0) {
    findings.push(found("note", "Noch nicht eingetragen", `${many(after.waiting, "Zugriff wartet", "Zugriffe warten")} noch auf den Eintrag. Bis dahin könnte das Portal sie unbemerkt ändern.`));
  }
  return findings;
};

/** What to keep for the next check. */
export const toKeep = (bundle, after) => ({
  key: after.key,
  note: after.note,
  heads: {
    ...after.heads,
    [bundle.subject]: { seq: bundle.head.seq, commitment: bundle.head.commitment, at: after.last.at },
  },
});
