// What the technician pages of all simulated systems share.
const token = document.querySelector('meta[name=control-token]').content;

export const $ = id => document.getElementById(id);

// A caller of the control API below a path. What is refused is shown on the page, and thrown.
export const caller = root => async (method, path, body) => {
  const answer = await fetch('/_control' + root + path, {
    method, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  const result = await answer.json();
  $('problem').hidden = answer.ok;
  if (!answer.ok) {
    $('problem').textContent = [result.message, ...(result.errors ?? []).map(e => e.message)].join(' ');
    throw new Error(result.message);
  }
  return result;
};

export function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text ?? '';
  if (className) made.className = className;
  return made;
}

export function fill(select, items, chosen, none) {
  select.replaceChildren(...(none ? [new Option(none, '')] : []), ...items.filter(i => !i.inactive || String(i.id) === String(chosen)).map(i => new Option(i.name, i.id)));
  select.value = chosen ?? '';
}

// One field for each switch, of the kind of its value; a list is written with commas.
export function drawSwitches(values) {
  $('switches').replaceChildren(...Object.entries(values).map(([name, value]) => {
    const row = element('label', name.replace(/([A-Z])/g, ' $1').toLowerCase() + ' '), field = document.createElement('input');
    field.name = name;
    if (typeof value === 'boolean') { field.type = 'checkbox'; field.checked = value; } else { field.type = typeof value === 'number' ? 'number' : 'text'; field.step = 'any'; field.value = value; }
    row.append(field);
    return row;
  }));
}

// The newest lines of the journal on top; answers whether there were any.
export const journal = (call, words) => {
  let seen = 0;
  return async () => {
    const page = await call('GET', `/log?after=${seen || -40}&limit=200`);
    for (const line of page.items) $('log').prepend(element('li', `${line.time.slice(11, 19)} ${words(line)}`));
    while ($('log').children.length > 100) $('log').lastChild.remove();
    if (page.items.length) seen = page.items.at(-1).seq;
    return page.items.length > 0;
  };
};
