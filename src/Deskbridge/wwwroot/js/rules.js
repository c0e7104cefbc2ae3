// The condition of a rule as nested groups, kept in step with the text beside it. The text is what is saved; without script it is edited alone.
const form = document.getElementById("rule");
const builder = document.getElementById("builder");
if (builder) {
  const text = document.getElementById("condition");
  const said = document.getElementById("parse");
  const fields = JSON.parse(builder.dataset.fields);
  const host = builder.querySelector("[data-groups]");
  const lists = new Map();
  let tree = JSON.parse(builder.dataset.tree);
  let asked = 0;
  let ids = 0;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };
  const option = (value, label, chosen) => make("option", { value, selected: chosen }, label);
  const fieldOf = clause => fields.find(field => field.key === clause.field);
  const patternOf = clause => fieldOf(clause)?.patterns[clause.pattern];

  // Clauses joined by and, or and not, with brackets; values by name.
  const words = {
    joins: [["all", false, "All of these"], ["any", false, "Any of these"], ["all", true, "Not all of these"], ["any", true, "None of these"]],
    keyOf: value => value.name,
    written(clause) {
      const pattern = patternOf(clause);
      if (!pattern) return /\b(and|or)\b/i.test(clause.text) ? `(${clause.text})` : clause.text;
      // A name with a joining word in it would be read as two clauses; the form of the query language quotes it.
      if (pattern.takes === "Name" && pattern.after === "" && /\b(and|or|not)\b/i.test(clause.value)) {
        return `${clause.field === "subtype" ? "subType" : clause.field}/name ${pattern.name === "is" ? "=" : "!="} ${JSON.stringify(clause.value)}`;
      }
      const value = clause.value === "" ? "" : pattern.takes === "Text" ? JSON.stringify(clause.value).replace(/\\n/g, " ") : pattern.takes === "Nothing" ? "" : pattern.takes === "Date" ? `[${clause.value}]` : clause.value;
      return [pattern.before, value, pattern.after].filter(part => part !== "").join(" ");
    },
    said: clause => words.written(clause),
    group(node, parts, top) {
      if (parts.length === 0) return "";
      const inner = parts.join(node.join === "all" ? " and " : " or ");
      return top && !node.not || parts.length === 1 && !node.not ? inner : `${node.not ? "not " : ""}(${inner})`;
    },
    finished: text => text,
  };

  // Groups and clauses as JSON; values by their ids.
  const json = {
    joins: [["all", false, "All of these"], ["any", false, "Any of these"]],
    keyOf: value => value.id,
    literal: (pattern, value) => (pattern.takes === "Number" || pattern.takes === "Name") && /^-?\d+(\.\d+)?$/.test(value) ? value : JSON.stringify(value),
    written(clause) {
      const pattern = patternOf(clause);
      if (!pattern) return clause.text === "" || json.isValid(clause.text) ? clause.text : JSON.stringify(clause.text);
      if (pattern.takes === "Nothing") return pattern.before + pattern.after;
      const value = pattern.many ? `[${linesOf(clause).map(line => json.literal(pattern, line)).join(",")}]` : json.literal(pattern, clause.value);
      return pattern.before + value + pattern.after;
    },
    said(clause) {
      const [field, pattern] = [fieldOf(clause), patternOf(clause)];
      if (field?.values && !known.has(field.values) && !json.isValid(clause.text)) return clause.text; // in words already; the names are still on their way
      return pattern ? [field.name, pattern.name, linesOf(clause).map(line => nameOf(field, line)).join(", ")].join(" ").trim() : clause.text;
    },
    group: (node, parts) => parts.length === 0 ? "" : parts.length === 1 ? parts[0] : `{"op":"${node.join === "all" ? "and" : "or"}","items":[${parts.join(",")}]}`,
    isValid(text) {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    },
    finished: text => text === "" ? text : JSON.stringify(JSON.parse(text), null, 2),
  };

  const language = form.dataset.language === "Json" ? json : words;
  const written = clause => language.written(clause);
  const linesOf = clause => clause.value.split("\n").filter(line => line !== "");
  const known = new Map();
  const nameOf = (field, key) => known.get(field.values)?.find(value => language.keyOf(value) === key)?.name ?? key;

  function print(node, top) {
    if (node.join === "clause") return (node.not ? "not " : "") + written(node);
    return language.group(node, node.items.map(item => print(item, false)).filter(part => part !== ""), top);
  }

  // Asks the hub to read the text. The groups are drawn anew only when it was the text that changed.
  async function read(redraw) {
    const mine = ++asked;
    const answer = await fetch(form.dataset.treeUrl, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    const reading = await answer.json();
    said.textContent = reading.problems.join("\n");
    said.classList.toggle("text-danger", reading.problems.length > 0);
    builder.hidden = !reading.tree && redraw;
    if (redraw && reading.tree) {
      tree = reading.tree;
      draw();
    } else if (!redraw) mark(reading.tree);
  }

  const clausesOf = node => node.join === "clause" ? [node] : node.items.flatMap(clausesOf);

  // What was read of the groups' own text says which of their clauses cannot be used.
  function mark(read) {
    const there = read ? clausesOf(read) : [];
    const mine = clausesOf(tree).filter(clause => written(clause) !== "");
    if (there.length !== mine.length) return;
    mine.forEach((clause, at) => {
      clause.problem = there[at].problem;
      host.querySelector(`[data-node="${clause.id}"] > .app-clause-problem`)?.replaceWith(problem(clause));
    });
  }

  const problem = node => make("div", { class: "app-clause-problem", role: "status" }, node.problem ?? "");

  let pause;
  const soon = redraw => {
    clearTimeout(pause);
    pause = setTimeout(() => read(redraw), 400);
  };
  function changed(focus) {
    text.value = language.finished(print(tree, true));
    if (focus !== undefined) {
      draw();
      (host.querySelector(`[data-node="${focus}"] select, [data-node="${focus}"] input`) ?? host.querySelector("select, button"))?.focus();
    }
    soon(false);
  }

  const named = node => node.id ??= ++ids;
  const fresh = () => ({ join: "clause", not: false, field: fields[0].key, pattern: 0, value: "", text: "" });

  // Up and down go through the groups: into the one beside, out of the one around.
  function move(group, parents, node, step) {
    const at = group.items.indexOf(node);
    const beside = group.items[at + step];
    group.items.splice(at, 1);
    if (beside && beside.join !== "clause") beside.items.splice(step > 0 ? 0 : beside.items.length, 0, node);
    else if (beside) group.items.splice(at + step, 0, node);
    else if (parents.length > 0) {
      const around = parents[parents.length - 1];
      around.items.splice(around.items.indexOf(group) + (step > 0 ? 1 : 0), 0, node);
    } else group.items.splice(at, 0, node);
    tidy(tree);
    changed(named(node));
  }

  // Groups that were emptied go.
  function tidy(group) {
    for (const item of group.items) if (item.items) tidy(item);
    group.items = group.items.filter(item => item.join === "clause" || item.items.length > 0);
  }

  function remove(group, node) {
    group.items.splice(group.items.indexOf(node), 1);
    tidy(tree);
    changed(named(group.items[0] ?? tree));
  }

  const button = (label, title, act) => make("button", { type: "button", class: "btn", "aria-label": title, title, onclick: act }, label);

  function moves(group, parents, node) {
    const what = node.join === "clause" ? language.said(node) : "group";
    return make("div", { class: "app-clause-moves" },
      button("↑", `Move up: ${what}`, () => move(group, parents, node, -1)),
      button("↓", `Move down: ${what}`, () => move(group, parents, node, 1)),
      button("( )", `Put in a group of its own: ${what}`, () => {
        group.items.splice(group.items.indexOf(node), 1, { join: group.join === "all" ? "any" : "all", not: false, items: [node] });
        changed(named(node));
      }),
      button("✕", `Remove: ${what}`, () => remove(group, node)));
  }

  async function valuesOf(list) {
    if (!lists.has(list)) {
      lists.set(list, fetch(`${form.dataset.valuesUrl}&list=${encodeURIComponent(list)}`).then(answer => answer.ok ? answer.json() : []).then(values => Array.isArray(values) ? values : []).catch(() => []));
      lists.get(list).then(values => known.set(list, values));
    }
    return lists.get(list);
  }

  const MOST_IN_A_SELECT = 200;
  const shown = value => value.where ? `${value.name} (${value.where})` : value.name;

  // A field to choose a value of a list by its name: a select where the list is short, else a field that proposes names.
  function picker(label, values, chosen, act) {
    const keyed = values.map(value => [language.keyOf(value), value]);
    if (values.length <= MOST_IN_A_SELECT) {
      const blank = keyed.some(([key]) => key === chosen) ? [] : [option(chosen, chosen === "" ? "choose…" : `${chosen} (not in the list)`, true)];
      return make("select", { class: "form-select", "aria-label": label, onchange: event => act(event.target.value) }, ...blank, ...keyed.map(([key, value]) => option(key, shown(value), key === chosen)));
    }
    const list = make("datalist", { id: `values-${++ids}` }, ...values.map(value => make("option", { value: value.name })));
    return make("div", {}, make("input", {
      class: "form-control", "aria-label": label, placeholder: "Type a name", list: list.id, value: keyed.find(([key]) => key === chosen)?.[1].name ?? chosen,
      onchange: event => act(keyed.find(([, value]) => value.name.toLowerCase() === event.target.value.trim().toLowerCase())?.[0] ?? event.target.value.trim()),
    }), list);
  }

  // The chosen values of a clause that takes many, each with a button that takes it away, and a field for one more.
  function several(node, values) {
    const field = fieldOf(node);
    const set = lines => { node.value = lines.join("\n"); changed(named(node)); };
    const chips = linesOf(node).map(line => make("button", { type: "button", class: "btn btn-sm app-chip", "aria-label": `Remove: ${nameOf(field, line)}`, onclick: () => set(linesOf(node).filter(other => other !== line)) }, nameOf(field, line), " ✕"));
    const rest = values.filter(value => !linesOf(node).includes(language.keyOf(value)));
    return make("div", { class: "app-chips" }, ...chips, picker(linesOf(node).length === 0 ? "Value" : "One more value", rest, "", key => { if (key !== "") set([...linesOf(node), key]); }));
  }

  function value(node) {
    const pattern = patternOf(node);
    const place = make("div", { class: "app-clause-value" });
    const set = event => { node.value = event.target.value; changed(); };
    if (!pattern) {
      place.append(make("input", { class: "form-control app-code", "aria-label": "Clause as text", value: node.text, oninput: event => { node.text = event.target.value; changed(); } }));
    } else if (pattern.takes === "Date") {
      place.append(make("input", { class: "form-control", type: "datetime-local", "aria-label": "Date and time, UTC", title: "UTC", value: node.value.slice(0, 16), oninput: event => { node.value = event.target.value && `${event.target.value}:00Z`; here.textContent = local(node.value); changed(); } }));
      const here = place.appendChild(make("span", { class: "app-stamp" }, local(node.value)));
    } else if (pattern.takes === "Name" || pattern.takes === "Text" && fieldOf(node).values && !pattern.searches) {
      const plain = make("input", { class: "form-control", "aria-label": "Name", value: linesOf(node).join(", "), oninput: set });
      place.append(plain);
      valuesOf(fieldOf(node).values).then(values => {
        if (values.length === 0) return;
        const chosen = pattern.many ? several(node, values) : picker("Value", values, node.value, key => { node.value = key; changed(); });
        const focused = document.activeElement === plain;
        plain.replaceWith(chosen);
        if (focused) (chosen.matches("select, input") ? chosen : chosen.querySelector("select, input"))?.focus();
      });
    } else if (pattern.many) {
      place.append(make("textarea", { class: "form-control", rows: 3, "aria-label": "Values, one a line", placeholder: "One a line", oninput: set }, node.value));
    } else if (pattern.takes === "Number") {
      // An age has its unit behind it and is never negative; a custom field's number may be anything.
      const isAge = language === words && pattern.after !== "";
      place.append(make("input", { class: "form-control", type: "number", step: "any", min: isAge && 0, max: isAge && 1000000, "aria-label": "Number", value: node.value, oninput: set }));
    } else if (pattern.takes === "Text") {
      place.append(make("input", { class: "form-control", "aria-label": "Text", maxlength: 200, value: node.value, oninput: set }));
    }
    return place;
  }

  // The rule holds UTC; the reader thinks in their own zone.
  function local(value) {
    const at = new Date(value);
    return isNaN(at) ? "in UTC" : `in UTC; ${at.toLocaleString("en-GB", { timeZone: form.dataset.zone, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" })} in ${form.dataset.zone}`;
  }

  function clause(group, parents, node) {
    if (node.locked) return locked(node);
    const patterns = fieldOf(node)?.patterns ?? [];
    return make("li", { class: language === words ? "app-clause" : "app-clause app-clause-plain", "data-node": named(node) },
      ...(language === words ? [make("select", { class: "form-select", "aria-label": "Must hold or not", onchange: event => { node.not = event.target.value === "not"; changed(); } }, option("", "if", !node.not), option("not", "not", node.not))] : []),
      make("select", {
        class: "form-select", "aria-label": "Field", onchange: event => {
          if (event.target.value === "") Object.assign(node, { text: written(node), field: undefined, not: language === words && node.not });
          else Object.assign(node, { field: event.target.value, pattern: 0, value: "" });
          changed(named(node));
        },
      }, ...fields.map(field => option(field.key, field.name, field.key === node.field)), option("", "Other, as text", !node.field)),
      patterns.length === 0 ? make("span", { class: "app-clause-what" }) : make("select", {
        class: "form-select app-clause-what", "aria-label": "How it is tested", onchange: event => { node.pattern = Number(event.target.value); changed(named(node)); },
      }, ...patterns.map((pattern, at) => option(at, pattern.name, at === node.pattern))),
      value(node),
      moves(group, parents, node),
      problem(node));
  }

  function locked(node) {
    const why = make("div", { class: "app-stamp" }, node.locked);
    const shown = make("code", { class: "app-condition" }, (node.not ? "not " : "") + node.text);
    const what = node.field === "age"
      ? make("div", {}, shown, make("label", { class: "app-group-head" }, "Hours ", make("input", {
        class: "form-control", type: "number", step: "any", min: 1, max: 1000000, value: node.value,
        oninput: event => { node.value = event.target.value; shown.textContent = written(node); changed(); },
      })), why)
      : make("div", {}, shown, why);
    return make("li", { class: "app-clause app-clause-locked", "data-node": named(node) }, make("span", { class: "badge bg-secondary-lt" }, "locked"), what);
  }

  function group(node, parents) {
    const around = parents[parents.length - 1];
    const inside = [...parents, node];
    const add = made => { node.items.push(made); changed(named(made.join === "clause" ? made : made.items[0])); };
    const choice = make("select", {
      class: "form-select", "aria-label": "How the clauses of this group are joined",
      onchange: event => { [node.join, node.not] = language.joins[event.target.value]; changed(); },
    }, ...language.joins.map(([join, not, label], at) => option(at, label, node.join === join && !node.not === !not)));
    const head = make("div", { class: "app-group-head" }, ...(around ? [choice, moves(around, parents.slice(0, -1), node)] : tree.items.some(item => item.locked) ? [make("strong", {}, "All of these")] : [choice]));
    return make("div", { class: "app-group", role: "group", "aria-label": "Clauses", "data-node": named(node) }, head,
      make("ul", {}, ...node.items.map(item => item.join === "clause" ? clause(node, parents, item) : make("li", {}, group(item, inside)))),
      make("div", { class: "app-group-head" },
        make("button", { type: "button", class: "btn", onclick: () => add(fresh()) }, "Add a clause"),
        make("button", { type: "button", class: "btn", onclick: () => add({ join: node.join === "all" ? "any" : "all", not: false, items: [fresh()] }) }, "Add a group")));
  }

  function draw() {
    host.replaceChildren(group(tree, []));
  }

  text.addEventListener("input", () => soon(true));
  if (tree) {
    draw();
    builder.hidden = false;
  }
}
