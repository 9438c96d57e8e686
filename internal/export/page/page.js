
// The table is the data: what is decided by is what people read.
const operations = [];
const sections = Array.from(document.querySelectorAll(".resource"), element => {
  const grants = new Map(Object.entries(JSON.parse(element.dataset.grants) ?? {}));
  const about = Array.from(element.children, e => e.tagName === "TABLE" ? "" : e.textContent).join(" ");
  const own = Array.from(element.querySelectorAll("tbody tr"), row => operationOf(row, grants, about));
  operations.push(...own);
  return {element, operations: own};
});
const routes = Array.from(document.querySelectorAll(".others tbody tr"), row => ({
  element: row, text: row.textContent.toLowerCase(), methods: texts(row, "th b"), patterns: texts(row, "th code"),
}));

function operationOf(row, grants, about) {
  const [, verdict, who, where] = row.cells;
  return {
    element: row, grants, verdict, open: row.dataset.open ?? "", closed: "closed" in row.dataset,
    requires: Array.from(who.querySelectorAll("li"), all => texts(all, "code")),
    login: who.querySelector(".login")?.textContent, box: row.querySelector("input"),
    text: (about + " " + row.textContent).toLowerCase(), methods: [row.dataset.method], patterns: texts(where, "code"),
  };
}

function texts(element, selector) {
  return Array.from(element.querySelectorAll(selector), e => e.textContent);
}

const boxes = [...document.querySelectorAll(".scopes li input")];
const [tools, query, show, count, find, need] = ["tools", "q", "show", "count", "find", "need"].map(id => document.getElementById(id));
let unknown = []; // words of the fragment for what is not there

// matches reports whether a row has all words: methods in capitals, paths, or any text.
function matches(row, words) {
  return words.every(word => {
    if (/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(word)) {
      return row.methods.length === 0 || row.methods.includes(word);
    }
    return row.text.includes(word.toLowerCase()) || word.startsWith("/") && row.patterns.some(pattern => serves(pattern, word));
  });
}

// serves reports whether a pattern may serve a path, or a longer one with the same beginning.
function serves(pattern, path) {
  if (pattern.startsWith("{?}")) return true;
  const parts = pattern.toLowerCase().replace("{$}", "").split("/").slice(1);
  const got = path.toLowerCase().split("/").slice(1);
  for (const [i, part] of got.entries()) {
    const want = parts[i] ?? "", last = i === got.length - 1;
    if (want.startsWith("*") || want.endsWith("...}")) return true; // it stands for all that follows
    if (want.includes("{?}")) return part.startsWith(want.split("{?}")[0]);
    if (/^[{:]/.test(want)) continue;
    if (last ? !want.startsWith(part) : want !== part) return false;
  }
  return true;
}

function verdict(operation, token) {
  if (operation.open === "public") return "opens: all may";
  if (opens(operation, token)) return operation.login ? "opens, after such a login" : "opens";
  if (operation.open === "anonymous") return "no: only without a token";
  if (operation.closed) return "no: OAuth2 tokens are refused";
  return "needs also " + (missing(operation, token)?.join(" and ") ?? "what no token has");
}

function update() {
  const token = new Set(ticked(boxes));
  const words = query.value.split(/\s+/).filter(word => word);
  const all = words.length === 0 && show.value === "";
  let shown = 0, opened = 0;
  for (const section of sections) {
    for (const o of section.operations) {
      const open = opens(o, token);
      opened += open;
      say(o, token.size > 0 ? verdict(o, token) : "", open);
      const wanted = {opened: open, closed: !open, need: o.box.checked}[show.value] ?? true;
      o.shown = wanted && matches(o, words);
    }
    const some = section.operations.filter(o => o.shown);
    shown += some.length;
    hide(section, !all && some.length === 0);
    if (some.length > 0) for (const o of section.operations) hide(o, !o.shown);
  }
  for (const route of routes) hide(route, !matches(route, words));
  document.body.classList.toggle("with-token", token.size > 0);
  count.textContent = `${shown} of ${operations.length} operations` +
    (token.size > 0 ? `; a token with ${[...token].join(" ")} opens ${opened}` : "") +
    (unknown.length > 0 ? `; there is no ${unknown.join(", ")}` : "");
  showNeed();
}

// A thousand resources are fast if the document changes only where it has to.
function hide(what, hidden) {
  if (what.hidden !== hidden) what.element.hidden = what.hidden = hidden;
}

function say(operation, text, good) {
  if (operation.said === text) return;
  operation.verdict.textContent = operation.said = text;
  operation.verdict.classList.toggle("yes", good);
}

function ticked(boxes) {
  return boxes.filter(box => box.checked).map(box => box.value);
}

function findScopes() {
  const words = find.value.toLowerCase().split(/\s+/);
  for (const box of boxes) {
    const item = box.closest("li"), text = item.textContent.toLowerCase();
    item.hidden = !box.checked && !words.every(word => text.includes(word));
  }
}

function make(tag, ...children) {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}

// showNeed shows what is needed for the operations that are ticked.
function showNeed() {
  const needed = operations.filter(o => o.box.checked);
  need.hidden = needed.length === 0;
  document.documentElement.classList.toggle("needed", !need.hidden);
  if (need.hidden) return;
  const list = [make("p", "For " + needed.map(o => o.box.value).join(", "))];
  const token = needed.some(o => o.open !== "public" && o.open !== "anonymous");
  const refused = needed.filter(o => o.closed && (o.open === "" || token && o.open === "anonymous"));
  if (!token) {
    list.push(make("p", "No token: all of it is open without credentials."));
  } else if (refused.length > 0) {
    list.push(make("p", "No OAuth2 token: it is refused by " + refused.map(o => o.box.value).join(", ") + "."));
  } else {
    const {sets, complete} = least(needed, operations.filter(o => !o.box.checked));
    list.push(...answer(sets, complete, needed));
  }
  const logins = new Set(needed.map(o => o.login).filter(login => login));
  for (const login of logins) list.push(make("p", "And only " + login + "."));
  need.querySelector("div").replaceChildren(...list);
}

const mostShown = 5; // sets of scopes

function answer(sets, complete, needed) {
  if (sets.length === 0) return [make("p", "No token opens all of it.")];
  if (sets[0].scopes.length === 0) return [make("p", "Any OAuth2 token, whatever its scopes.")];
  const items = sets.slice(0, mostShown).map(({scopes, opens}) => {
    const link = make("a", opens === 1 ? "opens 1 other operation" : `opens ${opens} other operations`);
    link.href = "#" + new URLSearchParams({token: scopes.join(" "), show: "opened", need: needed.map(o => o.box.value).join(" ")});
    return make("li", make("code", scopes.join(" ")), " ", link);
  });
  const more = sets.length - items.length;
  return [
    make("p", sets.length === 1 ? "A token with" : "A token with one of these, the least powerful first:"), make("ul", ...items),
    ...(more > 0 ? [make("p", `and ${more} more`)] : []), ...(complete ? [] : [make("p", "There may be less powerful ones: there are too many to compare.")]),
  ];
}

// The fragment of the address has the state, so that a view can be linked.
function write() {
  const values = {q: query.value.trim(), token: ticked(boxes).join(" "), show: show.value, need: ticked(operations.map(o => o.box)).join(" ")};
  const fragment = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  history.replaceState(null, "", fragment.size > 0 ? "#" + fragment : location.pathname + location.search);
}

function read() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const words = name => new Set((fragment.get(name) ?? "").split(" ").filter(word => word));
  const token = words("token"), needed = words("need");
  query.value = fragment.get("q") ?? "";
  show.value = fragment.get("show") ?? "";
  if (show.selectedIndex < 0) show.value = "";
  for (const box of boxes) box.checked = token.delete(box.value);
  for (const o of operations) o.box.checked = needed.delete(o.box.value);
  unknown = [...token, ...needed];
  update();
}

let timer; // browsers limit how often an address may change
function changed() {
  unknown = [];
  update();
  clearTimeout(timer);
  timer = setTimeout(write, 300);
}

tools.hidden = false;
document.documentElement.classList.add("js");
document.addEventListener("input", event => event.target === find ? findScopes() : changed());
tools.addEventListener("submit", event => event.preventDefault());
tools.addEventListener("reset", event => {
  event.preventDefault();
  history.replaceState(null, "", location.pathname + location.search);
  read();
});
document.querySelector("details").open = !matchMedia("(max-width: 40rem)").matches;
addEventListener("hashchange", event => {
  if (!new URL(event.newURL).hash.includes("=")) return; // a link to a part of the page
  clearTimeout(timer);
  history.replaceState(null, "", event.newURL); // which the timer may have changed
  read();
  tools.scrollIntoView({block: "nearest"});
});
read();
