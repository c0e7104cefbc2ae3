// Drives the public package connectwise-rest against the sandbox as its documentation shows.
// Arguments: folder with the package, scheme. The rest comes by environment; a failure ends with status 1 and says what failed.
const assert = require('node:assert')
const http = require('node:http')
const { createRequire } = require('node:module')
const path = require('node:path')

const [folder, scheme] = process.argv.slice(2)
const { ManageAPI, utils } = createRequire(path.join(folder, 'package.json'))('connectwise-rest')
const served = new Set(JSON.parse(process.env.CW_OPERATIONS))
const cwm = new ManageAPI({
  companyId: process.env.CW_COMPANY,
  companyUrl: process.env.CW_HOST,
  publicKey: process.env.CW_PUBLIC_KEY,
  privateKey: process.env.CW_PRIVATE_KEY,
  clientId: process.env.CW_CLIENT_ID,
  entryPoint: 'v4_6_release',
  apiVersion: '2025.1',
  timeout: 20000,
  retry: false,
  logger: () => {},
})

const areas = Object.entries(cwm).filter(([name]) => name.endsWith('API')).map(([, area]) => area)
// The package always speaks https; where http is asked for, only its address is changed.
for (const area of [cwm, ...areas]) area.instance.defaults.baseURL = area.instance.defaults.baseURL.replace(/^https/, scheme)

/** Every read of the package: its path with blanks, and a call with the values of the blanks. */
function reads() {
  const found = []
  for (const area of areas) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(area)).filter(n => n.startsWith('get'))) {
      const text = area[name].toString()
      const route = /path: `([^`]+)`/.exec(text)
      if (!route) continue
      const template = route[1].replace(/\$\{[^}]*\}/g, '{}').replace(/^\//, '').toLowerCase()
      const blanks = [...route[1].matchAll(/\$\{([^}]*)\}/g)].map(m => m[1])
      const order = /\(([^)]*)\)/.exec(text)[1].split(',').map(p => p.trim().split(' ')[0]).filter(p => p && p !== 'params')
      if (!served.has('GET ' + template)) continue
      found.push({ name, template, call: (values, params) => area[name](...order.map(o => values[blanks.indexOf(o)]), params) })
    }
  }
  return found
}

async function walk() {
  const all = reads()
  const byTemplate = new Map(all.map(r => [r.template, r]))
  const elsewhere = { 'system/myaccount': 'system/members', 'service/scheduling/members': 'system/members', 'service/priority': 'service/priorities', 'system/documenttypes': 'system/documenttypes/info',
    'system/workflowactions': 'system/workflows/events/actions' }
  const asked = { 'system/documents': { recordType: 'Ticket', recordId: 10001 }, 'system/documents/count': { recordType: 'Ticket', recordId: 10001 },
    'system/audittrail': { type: 'Ticket', id: 10001 }, 'system/audittrail/count': { type: 'Ticket', id: 10001 } }
  const lists = new Map()
  const list = async (template, values) => {
    const key = template + values
    if (!lists.has(key)) {
      const read = byTemplate.get(elsewhere[template] ?? template)
      lists.set(key, read ? (await read.call(values, { ...asked[template], pageSize: 50 })).map(r => r.id) : [])
    }
    return lists.get(key)
  }
  const values = async template => {
    const blank = template.lastIndexOf('/{}')
    if (blank < 0) return [[]]
    const ways = []
    for (const above of await values(template.slice(0, blank)))
      for (const id of await list(template.slice(0, blank), above)) if (ways.length < 30) ways.push([...above, id])
    return ways
  }
  let called = 0
  for (const read of all) {
    for (const way of await values(read.template)) {
      try {
        const answer = await read.call(way, { ...asked[read.template] })
        called++
        if (!Array.isArray(answer) || answer.length > 0) break
      } catch (failure) {
        if (failure.status === 404 && /image/.test(read.template)) continue // nobody has a photo
        throw new Error(`${read.name}(${way}) at ${read.template}: ${JSON.stringify(failure)} ${failure.stack ?? ''}`)
      }
    }
  }
  return [all.length, called]
}

async function refused(promise, status) {
  try {
    await promise
  } catch (failure) {
    assert.equal(failure.status, status)
    return failure.data
  }
  assert.fail(`not refused with ${status}`)
}

/** The life of a ticket, its notes, tasks, resources and times. */
async function story() {
  const { ServiceAPI, CompanyAPI, SystemAPI, TimeAPI, ScheduleAPI } = cwm
  const company = (await CompanyAPI.getCompanyCompanies({ conditions: 'identifier="HarborDental"', fields: 'id,name,status/name' }))[0]
  assert.deepEqual(Object.keys(company), ['id', 'name', 'status'])
  const ticket = await ServiceAPI.postServiceTickets({ summary: 'From connectwise-rest é ✓', board: { name: 'Service Desk' }, company: { id: company.id }, initialDescription: 'It hums' })
  assert.equal(ticket.status.name, 'New (not responded)')
  assert.ok(ticket._info.lastUpdated && ticket._info.notes_href)

  const patched = await ServiceAPI.patchServiceTicketsById(ticket.id, [
    { op: 'replace', path: 'status', value: { name: 'Assigned (responded)' } },
    { op: 'replace', path: '/owner', value: { identifier: 'dreyes' } },
    { op: 'replace', path: 'customFields', value: [{ id: 15, value: true }] },
  ])
  assert.equal(patched.owner.name, 'Dana Reyes')
  assert.equal(patched.customFields.find(f => f.caption === 'VIP').value, true)
  const found = await ServiceAPI.getServiceTickets({ conditions: `id=${ticket.id} and lastUpdated>=[2020-01-01T00:00:00Z]`, customFieldConditions: 'caption="VIP" and value=true', orderBy: 'id desc' })
  assert.equal(found.length, 1)
  assert.deepEqual(await ServiceAPI.getServiceTicketsCount({ conditions: `id=${ticket.id}` }), { count: 1 })
  assert.equal((await ServiceAPI.postServiceTicketsSearch({ conditions: `id=${ticket.id}` }, { fields: 'id' }))[0].id, ticket.id)

  const note = await ServiceAPI.postServiceTicketsByParentIdNotes(ticket.id, { text: 'Looked at it', internalAnalysisFlag: true })
  assert.equal((await ServiceAPI.putServiceTicketsByParentIdNotesById(note.id, ticket.id, { ...note, text: 'Fixed it' })).text, 'Fixed it')
  assert.equal((await ServiceAPI.getServiceTicketsByParentIdAllNotes(ticket.id)).length, 2)
  const task = await ServiceAPI.postServiceTicketsByParentIdTasks(ticket.id, { notes: 'Call back', priority: 1 })
  assert.equal(task.closedFlag, false)

  const entry = await ScheduleAPI.postScheduleEntries({ objectId: ticket.id, type: { identifier: 'S' }, member: { identifier: 'mlind' }, dateStart: '2026-11-20T15:00:00Z', dateEnd: '2026-11-20T16:00:00Z' })
  assert.equal(entry.hours, 1)
  assert.ok((await ServiceAPI.getServiceTicketsById(ticket.id)).resources.includes('mlind'))
  const time = await TimeAPI.postTimeEntries({ chargeToId: ticket.id, chargeToType: 'ServiceTicket', member: { identifier: 'mlind' }, timeStart: '2026-11-20T15:00:00Z', timeEnd: '2026-11-20T15:30:00Z', notes: 'Reset' })
  assert.equal(time.actualHours, 0.5)
  assert.equal(time.ticket.id, ticket.id)

  const all = await cwm.paginate(ServiceAPI.getServiceTickets, { pageSize: 7 }, { conditions: 'id > 0' })
  assert.equal(all.length, (await ServiceAPI.getServiceTicketsCount({})).count)
  assert.equal(new Set(all.map(t => t.id)).size, all.length)

  const bad = await refused(ServiceAPI.postServiceTickets({ summary: 'x'.repeat(101) }), 400)
  assert.deepEqual(bad.errors.map(e => e.field).sort(), ['company', 'summary'])
  assert.equal((await refused(ServiceAPI.getServiceTicketsById(1), 404)).message, 'Ticket 1 not found')
  assert.equal((await refused(CompanyAPI.deleteCompanyCompaniesStatusesById(1), 409)).code, 'Conflict')

  await ServiceAPI.deleteServiceTicketsByParentIdTasksById(task.id, ticket.id)
  await ServiceAPI.deleteServiceTicketsById(ticket.id)
  await refused(ServiceAPI.getServiceTicketsById(ticket.id), 404)
  assert.equal((await SystemAPI.getSystemInfo()).version, 'v2025.1.118731')
}

/** A callback arrives and its signature is the one the package computes. */
async function callbacks() {
  const { ServiceAPI, SystemAPI } = cwm
  let arrived
  const heard = new Promise(resolve => (arrived = resolve))
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk)).on('end', () => {
      response.end()
      arrived({ body: JSON.parse(body), signature: request.headers['x-content-signature'], url: request.url })
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const entry = await SystemAPI.postSystemCallbacks({ url: `http://127.0.0.1:${server.address().port}/?recordId=`, objectId: 1, type: 'ticket', level: 'owner' })
  const ticket = await ServiceAPI.postServiceTickets({ summary: 'Rings', company: { identifier: 'OakRidge' } })
  const { body, signature, url } = await heard
  server.close()
  assert.equal(url, `/?recordId=${ticket.id}&action=added`)
  const key = await (await fetch(body.Metadata.key_url)).json()
  assert.ok(utils.Callback.verifyMessage(body, signature, key.signing_key))
  assert.equal(JSON.parse(body.Entity).summary, 'Rings')
  await SystemAPI.deleteSystemCallbacksById(entry.id)
}

async function main() {
  await story()
  await callbacks()
  if (scheme !== 'http') return
  const [reads, calls] = await walk()
  console.log(`${reads} reads, ${calls} calls`)
}

// Sockets that are kept open would hold the process for as long as their timeout.
main().then(() => process.exit(0), failure => {
  console.error(failure.stack ?? JSON.stringify(failure))
  process.exit(1)
})
