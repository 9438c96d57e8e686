"use strict";

// What a token opens. An operation has
//   open      to whom it is open without scopes: public, authenticated, anonymous or ""
//   closed    whether OAuth2 tokens are refused
//   requires  alternatives, each a list of scopes that are all needed
//   grants    a map of scopes to those that are accepted in their place
// A token is a set of scopes.

function holds(operation, scope, token) {
  return token.has(scope) || (operation.grants.get(scope) ?? []).some(by => token.has(by));
}

// opens reports whether an OAuth2 token with these scopes opens an operation.
function opens(operation, token) {
  return operation.open === "public" || operation.open === "authenticated" ||
    operation.requires.some(all => all.length > 0 && all.every(scope => holds(operation, scope, token)));
}

// missing returns the fewest further scopes that open an operation, or undefined if none do.
function missing(operation, token) {
  if (opens(operation, token)) return [];
  return operation.requires.filter(all => all.length > 0)
    .map(all => all.filter(scope => !holds(operation, scope, token)))
    .reduce((best, next) => best && best.length <= next.length ? best : next, undefined);
}

const mostSets = 50; // that are kept, of the combinations of what each operation accepts

// least returns the sets of scopes that open all of the operations and of which no scope can
// be left out, least powerful first: the one that opens the fewest of the others, then the one
// with the fewest scopes, then the one whose alternatives are declared first. It returns none
// if no token opens all. The result is not complete if there were more than mostSets.
function least(operations, others) {
  const opensAll = token => operations.every(o => opens(o, token));
  let sets = [new Set()];
  let complete = true;
  for (const operation of operations) {
    const ways = accepted(operation);
    sets = minimal(sets.flatMap(set => opens(operation, set) ? [set] : ways.map(way => set.union(way))));
    complete &&= sets.length <= mostSets && ways.length <= mostSets;
    sets = sets.slice(0, mostSets);
  }
  const found = new Map();
  for (const set of sets) {
    for (const scope of [...set]) {
      set.delete(scope);
      if (!opensAll(set)) set.add(scope);
    }
    const scopes = [...set].sort();
    found.set(scopes.join(" "), {scopes, opens: others.filter(o => !o.open && opens(o, set)).length});
  }
  return {sets: [...found.values()].sort((a, b) => a.opens - b.opens || a.scopes.length - b.scopes.length), complete};
}

// accepted returns the sets of scopes that an operation accepts, or more than mostSets of them.
function accepted(operation) {
  return operation.requires.filter(all => all.length > 0).flatMap(all =>
    all.reduce((ways, scope) => ways.flatMap(way =>
      [scope, ...(operation.grants.get(scope) ?? [])].map(s => new Set([...way, s]))).slice(0, mostSets + 1), [new Set()]));
}

// minimal returns the sets that include no other one, the smallest first.
function minimal(sets) {
  const list = [];
  for (const set of sets.sort((a, b) => a.size - b.size)) {
    if (!list.some(other => other.isSubsetOf(set))) list.push(set);
  }
  return list;
}
