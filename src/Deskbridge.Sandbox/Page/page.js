import { $, caller, element, fill, drawSwitches, journal } from './common.js';

const call = caller('');
const kinds = ['latency', 'throttle', 'error-before', 'error-after', 'cut-before', 'cut-after', 'forbidden', 'not-found', 'callback-lost',
  'callback-duplicate', 'callback-late', 'callback-reordered', 'callback-bad-signature', 'callback-other-company', 'callback-other-key', 'callback-early'];
let setup, shown, switches;

const by = () => ({ by: $('me').selectedOptions[0].dataset.identifier });

async function list() {
  const tickets = await call('GET', '/tickets?q=' + encodeURIComponent($('search').value));
  const rows = tickets.filter(t => !($('open-only').checked && t.closedFlag)).map(ticket => {
    const row = element('li'), button = element('button', '', (ticket.priority?.level === 'Critical' ? 'p1 ' : '') + (ticket.closedFlag ? 'done' : ''));
    button.append(element('strong', `#${ticket.id} ${ticket.summary}`), element('small', ticket.owner?.name ?? 'nobody'),
      element('small', `${ticket.company?.name} · ${ticket.priority?.name}`), element('small', ticket.status?.name));
    button.onclick = () => show(ticket.id);
    row.append(button);
    return row;
  });
  $('list').replaceChildren(...(rows.length ? rows : [element('li', 'No ticket matches. Create one above.')]));
}

async function show(id) {
  draw(await call('GET', '/tickets/' + id));
  $('detail').scrollIntoView({ block: 'nearest' });
}

function draw(ticket) {
  shown = ticket.id;
  $('detail').hidden = false;
  $('title').textContent = `#${ticket.id} ${ticket.summary}`;
  const form = $('change').elements;
  fill(form.status, setup.statuses.filter(s => s.board === ticket.board.id), ticket.status.id);
  fill(form.priority, setup.priorities, ticket.priority?.id);
  fill(form.owner, setup.members, ticket.owner?.id, 'nobody');
  fill(form.board, setup.boards, ticket.board.id);
  const facts = [['Company', ticket.company?.name], ['Contact', ticket.contact?.name], ['Entered', ticket._info.dateEntered], ['Updated', `${ticket._info.lastUpdated} by ${ticket._info.updatedBy}`],
    ['Resources', ticket.resources], ...(ticket.customFields ?? []).filter(f => f.value !== null).map(f => [f.caption, String(f.value)])];
  $('fields').replaceChildren(...facts.filter(f => f[1]).flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
  $('notes').replaceChildren(...ticket.notes.map(note => {
    const row = element('li', note.text);
    row.prepend(element('small', `${note.member?.name ?? note.contact?.name ?? note.createdBy}, ${note.dateCreated}${note.internalAnalysisFlag ? ', internal' : ''}\n`));
    return row;
  }));
}

async function faults() {
  const rules = await call('GET', '/faults');
  $('faults').replaceChildren(...rules.map(rule => {
    const row = element('li', `${rule.kind} ${rule.path || 'everywhere'} ${rule.count ? '× ' + rule.count : ''}`), remove = element('button', 'Remove', 'plain');
    remove.onclick = async () => { await call('DELETE', '/faults/' + rule.id); await faults(); };
    row.append(remove);
    return row;
  }));
}

$('switches').onsubmit = event => event.preventDefault();
$('switches').onchange = async ({ target }) => {
  const value = target.type === 'checkbox' ? target.checked : target.type === 'number' ? Number(target.value)
    : target.name === 'forbidden' ? target.value.split(',').map(e => e.trim()).filter(Boolean) : target.value;
  try { switches = await call('PUT', '/switches', { [target.name]: value }); } catch { /* the problem is shown beside what still counts */ }
  drawSwitches(switches);
};

const read = journal(call, line => line.kind === 'request' ? `${line.method} ${line.path}${line.query} → ${line.status || 'cut'}`
  : line.kind === 'commit' ? `${line.by} ${line.action} ${line.type} ${line.id} ${(line.changed ?? []).join(', ')}`
  : line.kind === 'callback' ? `callback ${line.type} ${line.id} ${line.outcome} ${line.status || ''}` : line.kind);
async function log() {
  if (await read()) { await list(); await faults(); }
}

const formValue = (form, name) => form.elements[name].value;
$('create').onsubmit = async event => {
  event.preventDefault();
  const form = event.target;
  const ref = name => ({ id: Number(formValue(form, name)) });
  draw(await call('POST', '/tickets', { ...by(), summary: formValue(form, 'summary'), company: ref('company'), board: ref('board'), priority: ref('priority') }));
  form.elements.summary.value = '';
  await list();
};
$('change').onchange = async event => {
  const { name, value } = event.target;
  try { draw(await call('PATCH', '/tickets/' + shown, { ...by(), [name]: value ? { id: Number(value) } : null })); } catch { await show(shown); }
  await list();
};
$('note').onsubmit = async event => {
  event.preventDefault();
  const form = event.target;
  draw(await call('POST', `/tickets/${shown}/notes`, { ...by(), text: formValue(form, 'text'), internalAnalysisFlag: form.elements.internal.checked, detailDescriptionFlag: !form.elements.internal.checked }));
  form.reset();
};
$('fault').onsubmit = async event => {
  event.preventDefault();
  const form = event.target;
  await call('POST', '/faults', { kind: formValue(form, 'kind'), path: formValue(form, 'path'), count: Number(formValue(form, 'count')) || null,
    milliseconds: Number(formValue(form, 'milliseconds')), seconds: Number(formValue(form, 'seconds')), retryAfter: formValue(form, 'retryAfter') === '' ? null : Number(formValue(form, 'retryAfter')) });
  await faults();
};
$('delete').onclick = async () => { await call('DELETE', `/tickets/${shown}?member=${by().by}`); $('detail').hidden = true; await list(); };
$('close').onclick = () => { $('detail').hidden = true; };
$('search').oninput = list;
$('open-only').onchange = list;

setup = await call('GET', '/setup');
fill($('me'), setup.members);
for (const option of $('me').options) option.dataset.identifier = setup.members.find(m => m.id === Number(option.value)).identifier;
$('me').selectedIndex = 0;
const create = $('create').elements;
fill(create.company, setup.companies, setup.companies[1].id);
fill(create.board, setup.boards, setup.boards[0].id);
fill(create.priority, setup.priorities, setup.priorities.find(p => p.level === 'Medium')?.id ?? setup.priorities[0].id);
fill($('fault').elements.kind, kinds.map(k => ({ id: k, name: k })), kinds[0]);
await list();
await faults();
drawSwitches(switches = await call('GET', '/switches'));
await log();
const asked = new URLSearchParams(location.search).get('ticket');
if (asked) await show(asked);
setInterval(log, 2000);
