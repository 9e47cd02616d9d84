// Events are taken as they come: the last one is believed, and a copy is another event.
const { randomUUID } = require('node:crypto');
const { patch, replaced } = require('./patch');

patch('domain/message-state.js', (states) => {
  const { addTold } = states;
  states.addTold = (_told, event) => addTold(undefined, event);
});
patch('features/delivery/provider-events.js', (queries) => {
  queries.APPLY_EVENTS = replaced(
    queries.APPLY_EVENTS,
    /CASE e\.shown .*? ELSE FALSE END/gs,
    'TRUE',
  );
});
patch('features/feedback/sendgrid-events.js', (events) => {
  const { readEvents } = events;
  events.readEvents = (body) =>
    readEvents(body).map((event) => ({ ...event, providerEventId: randomUUID() }));
});
