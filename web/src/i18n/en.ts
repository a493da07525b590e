import type { zh } from './zh';

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };

export const en: Shape<typeof zh> = {
  app: { name: 'Qipan', tagline: 'One board for the district', skip: 'Skip to content', language: '中文', logout: 'Log out', login: 'Log in', board: 'Board', cases: 'Cases', sensing: 'Sensing', field: 'My tasks', administration: 'Administration', me: 'My account', report: 'Report', menu: 'Main navigation' },
  login: {
    title: 'Log in', login: 'Login', password: 'Password', submit: 'Log in', working: 'Logging in…',
    wrong: 'Login or password is wrong. Try again, or ask your administrator.', limited: 'Too many attempts. Try again in a minute.',
  },
  list: {
    title: 'Cases', filters: 'Filters', state: 'State', class: 'Class', lamp: 'Lamp', open: 'Open or closed', unit: 'Street', responsible: 'Responsible', sort: 'Order',
    any: 'Any', openOnly: 'Open', closedOnly: 'Closed', byDue: 'Most urgent first', newest: 'Newest first', clear: 'Clear filters', export: 'Export CSV', more: 'Load more',
    empty: 'No case fits', emptyHint: 'Change the filters, or clear them.', id: 'No.', what: 'What', where: 'Where', due: 'Due', created: 'Reported',
    shown: '{n} shown', more_there: ', there are more', updated: 'Updated {time}', loading: 'Loading…', keys: 'Keys: j / k to move, Enter to open', lampAtLeast: '{lamp} or worse',
  },
  lamp: { green: 'On time', yellow: 'Due soon', red: 'Late', severe: 'Very late' },
  due: { none: 'no limit', left: '{span} left', over: '{span} over', day: '{n} d', hour: '{n} h', minute: '{n} min', done: 'stopped' },
  case: {
    title: 'Case {id}', back: 'Back to the list', state: 'State', responsible: 'Responsible', nobody: 'not dispatched yet', unit: 'Unit of the place', place: 'Place', noPlace: 'no place given', class: 'Class',
    noClass: 'not classed yet', source: 'Source', created: 'Reported', closed: 'Closed', fields: 'Content', limits: 'Limits', limit: 'Limit', ends: 'Ends', clock: 'Clock', running: 'running', stopped: 'stopped',
    provisional: 'provisional (no calendar for that year yet)', main: 'main limit', actions: 'What you can do', noActions: 'Nothing here is yours to do now.', history: 'History', explanation: 'Why it went there',
    rule: 'Rule', basis: 'Basis', inputs: 'Inputs', outputs: 'Result', noRule: 'no rule applied', receipt: 'Receipt', receiptHint: 'Download the receipt: it can be verified without this system', comment: 'Comment', commentAdd: 'Add a comment',
    send: 'Submit', cancel: 'Cancel', similar: 'Open cases of the same class nearby', metres: '{n} m', reveal: 'Show', revealTitle: 'Show personal data', purpose: 'Purpose (it is recorded)', personal: 'kept sealed',
    photo: 'Photo {n}', uploading: 'Sending photos…', reason: 'Reason', department: 'Name the responsible unit', byRule: 'by the rules', extension: 'How much longer (in its own kind of time)', parent: 'Number of the case to merge into', condition: 'Condition', lateMark: 'was late',
    reworkCount: 'reworked {n} times', unknown: 'There is no such case, or you may not see it.', done: 'Done: {name}', position: 'fact {n}', system: 'System', operator: 'Operator', anonymous: 'Resident', import: 'Import',
    raised: '{limit}: {lamp}, {unit} told',
  },
  source: { resident: 'Resident', worker: 'Staff', import: 'Import', alarm: 'Sensor alarm' },
  kind: { 'urgent-hours': 'urgent hours', 'working-hours': 'working hours', 'working-days': 'working days', 'natural-days': 'natural days', asserted: 'as received' },
  fact: { 'case.created': 'Reported', 'case.moved': 'Handled', 'case.commented': 'Comment', 'case.supervised': 'Limit reminder', 'case.revealed': 'Personal data shown', 'case.recomputed': 'Limit recomputed', 'case.erased': 'Personal data erased', 'case.signalled': 'The signal came again', 'case.signal_ended': 'The signal ended' },
  report: {
    title: 'Report something', intro: 'A photo and a sentence are enough. No login needed.', photo: '1. Photo', add: 'Take or choose a photo', remove: 'Remove', photoHint: 'Up to 6. Place and device data are removed from photos before they are sent.', place: '2. Place',
    mine: 'Use my position', onMap: 'Choose on the map', address: 'Address or a landmark nearby', placed: 'Chosen: {x} E, {y} N', noPlace: 'No place chosen yet', positionFailed: 'Your position could not be found. Choose on the map, or write the address.',
    what: '3. What is it', class: 'Kind (optional)', classAny: 'Not sure', description: 'Please describe it', condition: 'Condition (optional)', contact: 'Contact (optional)', contactHint: 'Only intake officers who state a purpose can see it, and that is recorded.', name: 'Name', telephone: 'Telephone', email: 'Mail address, to be told how it goes',
    submit: 'Send', working: 'Sending…', draft: 'Draft kept on this device', needDescription: 'Please write at least two characters.', photoFailed: 'This photo could not be sent: {why}', failed: 'Could not send: {why}',
    doneTitle: 'Received', doneText: 'Your case is number {id}. Follow it any time with this link or QR code.', follow: 'Follow it', another: 'Report another', offline: 'There is no network. What you wrote is kept as a draft.', map: 'Map (schematic): click to choose a place', schematic: 'schematic, not a survey',
  },
  follow: {
    title: 'Progress', case: 'Case {id}', state: 'Now', due: 'Due', responsible: 'Handled by', steps: 'So far', result: 'What was done', unknown: 'This report was not found. Check the link or QR code.', merged: 'It is the same matter as an earlier case and is handled with it.',
    qr: 'Scan to follow', proof: 'Receipt', proofHint: 'Every step has a receipt that can be verified without this system.', description: 'Your words',
  },
  board: {
    title: 'The board', map: 'Map', canvas: 'Drawn map', zoomIn: 'Zoom in', zoomOut: 'Zoom out', queue: 'Queue', object: 'What is picked', empty: 'No open case or alarm fits', live: 'live', away: 'reconnecting…', asTable: 'Table', asMap: 'Map',
    asWall: 'Wall', leaveWall: 'Leave wall', keys: 'Keys', keysOn: 'Single-letter keys are on', whole: 'Whole case', commented: 'Comment added to case {id}', pickHint: 'Pick a case or a station in the queue or on the map.',
    nothingToAssign: 'What is picked cannot be dispatched now.', text: 'Number or words', type: 'Kind of case', range: 'Time', range24h: 'Last 24 hours', range7d: 'Last 7 days',
    range30d: 'Last 30 days', rangeOwn: 'Chosen days', from: 'From', to: 'To', tables: 'What the map shows, as tables', casesTable: 'Open cases ({n})', thingsTable: 'Stations ({n})',
    east: 'East', north: 'North', panes: 'Panes', figure: { open: 'open', yellow: 'due soon or late', late: 'late', unassigned: 'not dispatched', alarms: 'alarms', unseen: 'not acknowledged' },
    pane: { queue: 'Queue', map: 'Map', object: 'Details' },
    key: { j: 'next', k: 'previous', x: 'choose for several at once', d: 'dispatch', a: 'acknowledge the alarm', o: 'open the whole case', m: 'map or table', text: 'find', help: 'these keys' },
  },
  bulk: {
    title: 'Several at once', count: '{n} chosen', select: 'Choose case {id}', none: 'Choose none', nothing: 'Nothing can be done to all of these', keepClass: 'each keeps its class',
    progress: 'Progress', done: '{n} of {of} done', failed: '{n} could not be done:', again: 'Try those again', finished: '{name}: {n} cases',
  },
  alarm: {
    one: 'Alarm', title: 'Alarms', open: 'not acknowledged', acknowledged: 'acknowledged', acknowledge: 'Acknowledge', done: 'Alarm acknowledged', value: 'measured {value}, limit {limit}',
    lasting: 'for {time}', grade: 'grade {n}', by: 'acknowledged by {who}, {time}', active: 'Active', none: 'none', which: 'Which alarms', unseen: 'Not acknowledged', cleared: 'Cleared',
    clearedOne: 'cleared', noneHere: 'No alarms', grade0: 'Grade', limit: 'Limit', values: 'Measured / limit', duration: 'Lasting', state: 'State', case: 'Case',
  },
  sensing: {
    title: 'Sensing', streams: 'Datastreams', stream: 'Datastream', thing: 'Station', property: 'Observed property', newest: 'Newest value', at: 'Time', never: 'no value yet',
    outOfRange: '(out of range)', empty: 'No datastreams. Install a pack of sensing, then register stations.', unknown: 'There is no such datastream, or you may not see it.',
    back: 'Back to sensing', limits: 'Limits', by: 'By', byValue: 'every value', byHour: 'hour', byDay: 'day', asTable: 'As a table', asChart: 'As a chart',
    cut: 'only the first {n} values; choose a shorter range or hours', noValues: 'No values in this time', value: 'Value', mean: 'Mean', low: 'Lowest', high: 'Highest', count: 'Count',
    chart: '{name}: {n} values from {from} to {to}; the table shows the same', kind: { measurement: 'measurement', count: 'count', truth: 'true or false', category: 'category' },
    range: { '1d': '1 day', '7d': '7 days', '30d': '30 days', '365d': '1 year' },
  },
  field: {
    title: 'My tasks', onlyMine: 'only what I accepted', empty: 'You have no tasks now', offline: 'There is no network; these are the tasks as last seen.', navigate: 'Navigate',
  },
  notice: {
    title: 'Notices', none: 'Nobody was told yet', sent: 'sent', queued: 'waiting', given_up: 'given up', unaddressed: 'nobody there has a mail address', reporter: 'the reporter', mail: 'mail',
    webhook: 'webhook', attempts: '{n} attempts', next: 'next {time}', to: 'To whom', what: 'What', state: 'State', when: 'When', retry: 'Send again', retried: 'Waiting again',
  },
  admin: {
    title: 'Administration', units: 'Units', people: 'People', roles: 'Roles', packs: 'Packs', keys: 'Keys', notices: 'Notices', code: 'Code', kind: 'Kind', title_zh: 'Chinese name',
    title_en: 'English name', parent: 'Unit above', login: 'Login', posts: 'Posts', role: 'Role', unit: 'Unit', contact: 'Contacts', name: 'Name', telephone: 'Telephone', email: 'Mail address',
    sealed: 'kept sealed', missing: 'none', active: 'active', retired: 'retired', password: 'New password (at least 8)', search: 'Find', reason: 'Reason', addUnit: 'Add a unit',
    changeUnit: 'Change', retireUnit: 'Retire', addPerson: 'Add a person', setPassword: 'Set password', setContact: 'Set contacts', removeContact: 'Remove', givePost: 'Give a post', takePost: 'Take back',
    retirePerson: 'Retire', done: 'Done', save: 'Save', edit: 'Manage', nobody: 'Nobody found', top: '(district)', keep: 'leave as it is', grants: 'What it may do', version: 'Version',
    hash: 'Content hash', packHint: 'Packs are installed by the operator: qipan check, then qipan install.', issue: 'Issue a key', purpose: 'Purpose',
    secret: 'The key is shown only this once; keep it now:', revoke: 'Revoke', revoked: 'revoked', person: 'Acts for', noKeys: 'No keys yet', sure: 'Are you sure? It is recorded.',
    mail: 'Mail server', host: 'Host', port: 'Port', security: 'Security', from: 'From', site: 'Address of the pages (for links)', mailLogin: 'Login (optional)',
    mailPassword: 'Password (empty: as it is)', removeMail: 'Stop mail', test: 'Send a test', tested: 'A test waits; what became of it is below', noMail: 'No mail server yet: no mail goes out.',
    webhooks: 'Webhooks', url: 'URL', addWebhook: 'Add a webhook', retireWebhook: 'Retire', noWebhooks: 'None yet', outbox: 'Outbox',
    unitKind: { district: 'district', street: 'street', community: 'community', grid: 'grid', department: 'department' },
    securityKind: { none: 'none (inner networks only)', starttls: 'STARTTLS', tls: 'TLS' },
  },
  me: {
    title: 'My account', saved: 'Saved', contact: 'Contacts (empty: as they are)', password: 'Change my password', again: 'The password was changed: log in with the new one.', posts: 'My posts',
  },
  problem: {
    'password-needed': 'Give the password.', 'password-in-the-clear': 'Choose encryption where there is a login.', 'host-unfit': 'Give the host alone.', 'text-unfit': 'Give a text without spaces.', 'csrf-missing': 'The session was renewed elsewhere: reload the page.', 'alarm-acknowledged': 'Somebody has acknowledged this alarm already.', 'login-known': 'This login was given before.', 'unit-known': 'This code was given before.', 'password-length': 'A password has 8 to 200 bytes.', 'contact-unfit': 'A contact does not fit: {expected}', 'text-needed': 'Please fill in: {field}', 'mail-address': 'Give a mail address.', 'no-mail-address': 'Set your own mail address first (My account).', 'no-mail-server': 'There is no mail server yet.', 'url-unfit': 'Give a whole address (http or https).', 'not-known': 'Not known: {field}', 'post-held': 'This person holds that post already.',
    'field-required': 'Please fill in: {field}', 'guard-not-met': 'A condition is not met: {expected}', 'not-permitted': 'You hold no post for this step.', 'login-needed': 'Please log in first.', 'transition-not-now': 'The case has moved on. Refresh.',
    'comment-required': 'Please give a reason.', 'class-unknown': 'There is no such class.', 'nobody-answers': 'No rule names a responsible unit: name one.', 'parent-unknown': 'Give the number of another case of this type.', 'too-many-requests': 'Too many requests. Wait a little.',
    'photo-type': 'Only JPEG or PNG images can be sent.', 'photo-too-large': 'The photo is over 6 MB.', 'photo-broken': 'The photo file is not whole. Take it again.', 'not-written': 'The system cannot write now. Try again later.', 'purpose-needed': 'State the purpose in a few words.',
    'amount-unreadable': 'Give an amount, such as 2 or 0.5.', 'field-unfit': '“{field}” does not fit: {expected}', network: 'No connection. Try again later.', other: 'Not done: {detail}',
  },
  missing: { title: 'No such page', text: 'The address may be wrong.', home: 'To the start' },
  common: { close: 'Close', loading: 'Loading…', required: 'required', yes: 'yes', no: 'no' },
};
