// A Bolt app for Node in the shape of Slack's own examples; it knows nothing of the local workspace.
const { App, LogLevel } = require('@slack/bolt');

const socketMode = Boolean(process.env.SLACK_APP_TOKEN);
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: LogLevel.ERROR,
});
const plain = (text) => ({ type: 'plain_text', text });

app.message('ping', async ({ message, say }) => { await say({ text: `pong <@${message.user}>`, thread_ts: message.ts }); });

app.command('/hello', async ({ ack, command }) => {
  const wave = { type: 'button', action_id: 'wave', text: plain('Wave') };
  await ack({ text: `Hello ${command.text}`, blocks: [{ type: 'section', text: plain(`Hello ${command.text}`), accessory: wave }] });
});

app.action('wave', async ({ ack, respond }) => { await ack(); await respond({ text: 'You waved.', replace_original: true }); });

app.shortcut('new', async ({ ack, body, client }) => {
  await ack();
  const element = { type: 'plain_text_input', action_id: 'typed' };
  const blocks = [{ type: 'input', block_id: 'name', label: plain('Name'), element }];
  await client.views.open({ trigger_id: body.trigger_id, view: { type: 'modal', callback_id: 'form', title: plain('A form'), submit: plain('Save'), blocks } });
});

app.view('form', async ({ ack, view }) => {
  const typed = view.state.values.name.typed.value;
  await ack(typed === 'bad' ? { response_action: 'errors', errors: { name: 'Not that one.' } } : {});
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'section', text: plain('Home') }] } });
});

app.event('app_mention', async ({ event, client }) => {
  await client.filesUploadV2({ channel_id: event.channel, filename: 'report.csv', content: 'a,b\n1,2\n', initial_comment: 'Here it is' });
});

(async () => {
  await app.start(socketMode ? undefined : Number(process.env.PORT));
  console.log('ready');
})();
