import type { zh } from './zh';

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };

export const en: Shape<typeof zh> = {
  app: { name: 'Qipan', tagline: 'One board for the district', skip: 'Skip to content', language: '中文', logout: 'Log out', login: 'Log in', cases: 'Cases', report: 'Report', menu: 'Main navigation' },
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
    photo: 'Photo {n}', reason: 'Reason', department: 'Name the responsible unit', byRule: 'by the rules', extension: 'How much longer (in its own kind of time)', parent: 'Number of the case to merge into', condition: 'Condition', lateMark: 'was late',
    reworkCount: 'reworked {n} times', unknown: 'There is no such case, or you may not see it.', done: 'Done: {name}', position: 'fact {n}', system: 'System', operator: 'Operator', anonymous: 'Resident', import: 'Import',
    raised: '{limit}: {lamp}, {unit} told',
  },
  source: { resident: 'Resident', worker: 'Staff', import: 'Import' },
  kind: { 'urgent-hours': 'urgent hours', 'working-hours': 'working hours', 'working-days': 'working days', 'natural-days': 'natural days', asserted: 'as received' },
  fact: { 'case.created': 'Reported', 'case.moved': 'Handled', 'case.commented': 'Comment', 'case.supervised': 'Limit reminder', 'case.revealed': 'Personal data shown', 'case.recomputed': 'Limit recomputed', 'case.erased': 'Personal data erased' },
  report: {
    title: 'Report something', intro: 'A photo and a sentence are enough. No login needed.', photo: '1. Photo', add: 'Take or choose a photo', remove: 'Remove', photoHint: 'Up to 6. Place and device data are removed from photos before they are sent.', place: '2. Place',
    mine: 'Use my position', onMap: 'Choose on the map', address: 'Address or a landmark nearby', placed: 'Chosen: {x} E, {y} N', noPlace: 'No place chosen yet', positionFailed: 'Your position could not be found. Choose on the map, or write the address.',
    what: '3. What is it', class: 'Kind (optional)', classAny: 'Not sure', description: 'Please describe it', condition: 'Condition (optional)', contact: 'Contact (optional)', contactHint: 'Only intake officers who state a purpose can see it, and that is recorded.', name: 'Name', telephone: 'Telephone',
    submit: 'Send', working: 'Sending…', draft: 'Draft kept on this device', needDescription: 'Please write at least two characters.', photoFailed: 'This photo could not be sent: {why}', failed: 'Could not send: {why}',
    doneTitle: 'Received', doneText: 'Your case is number {id}. Follow it any time with this link or QR code.', follow: 'Follow it', another: 'Report another', offline: 'There is no network. What you wrote is kept as a draft.', map: 'Map (schematic): click to choose a place', schematic: 'schematic, not a survey',
  },
  follow: {
    title: 'Progress', case: 'Case {id}', state: 'Now', due: 'Due', responsible: 'Handled by', steps: 'So far', result: 'What was done', unknown: 'This report was not found. Check the link or QR code.', merged: 'It is the same matter as an earlier case and is handled with it.',
    qr: 'Scan to follow', proof: 'Receipt', proofHint: 'Every step has a receipt that can be verified without this system.', description: 'Your words',
  },
  problem: {
    'field-required': 'Please fill in: {field}', 'guard-not-met': 'A condition is not met: {expected}', 'not-permitted': 'You hold no post for this step.', 'login-needed': 'Please log in first.', 'transition-not-now': 'The case has moved on. Refresh.',
    'comment-required': 'Please give a reason.', 'class-unknown': 'There is no such class.', 'nobody-answers': 'No rule names a responsible unit: name one.', 'parent-unknown': 'Give the number of another case of this type.', 'too-many-requests': 'Too many requests. Wait a little.',
    'photo-type': 'Only JPEG or PNG images can be sent.', 'photo-too-large': 'The photo is over 6 MB.', 'photo-broken': 'The photo file is not whole. Take it again.', 'not-written': 'The system cannot write now. Try again later.', 'purpose-needed': 'State the purpose in a few words.',
    'amount-unreadable': 'Give an amount, such as 2 or 0.5.', 'field-unfit': '“{field}” does not fit: {expected}', network: 'No connection. Try again later.', other: 'Not done: {detail}',
  },
  missing: { title: 'No such page', text: 'The address may be wrong.', home: 'To the start' },
  common: { close: 'Close', loading: 'Loading…', required: 'required', yes: 'yes', no: 'no' },
};
