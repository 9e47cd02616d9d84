import type { Browser } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { openBrowser, Visitor } from './browser';
import { World, linksOf } from './world';
const OUT='/tmp/look'; mkdirSync(OUT,{recursive:true});
describe('look', () => {
  let world: World; let browser: Browser;
  beforeAll(async () => { world = await World.open({DEMO:'true'}); browser = await openBrowser(world.service); }, 60000);
  afterAll(async () => { await browser?.close(); await world?.close(); });
  it('looks', async () => {
    const t0=Date.now();
    const c = await world.mailTo(['anna@example.com','ok@example.com','no@example.com','paused@example.com'], 2);
    await world.testMailTo('test@example.com', c);
    console.log('mailed', Date.now()-t0, linksOf(world.service,(await world.service.mailbox('anna@example.com'))[0]!));
    const p = (e:string,k:any)=>world.path(e,k);
    const ok = await p('ok@example.com','u'); const no = await p('no@example.com','u');
    await world.optOut(no);
    await world.pause((await p('paused@example.com','u')).slice(3));
    const pend = await world.signUp('ny@example.com');
    console.log(pend);
    const welcome = await world.signUp('ny2@example.com');
    const off = await world.signUp('ny3@example.com'); await world.optOut(off); await world.sayNo('ny3@example.com');
    const exp = await world.signUp('ny4@example.com');
    await world.service.db.query(`UPDATE signup SET expires_at = now() - interval '1 day' WHERE email='ny4@example.com'`);
    const [{id}] = await world.service.db.query<{id:string}>(`SELECT id FROM mailbox_message WHERE to_address='anna@example.com'`) as any;
    const anna = await p('anna@example.com','u');
    const t = anna.slice(3), nt=no.slice(3), pt=(await p('paused@example.com','u')).slice(3);
    const test=(await p('test@example.com','u'));
    const pages: [string,string,Record<string,string>?][] = [
      ['home','/'],['u',anna],['u-already',no],['u-unknown','/u/AAAAAAAAAAAAAAAAAAAAAA'],['u-test',test],['u-test-done',test,{form:'1'}],
      ['u-done',ok,{form:'1'}],
      ['pref',`/preferences/${t}`],['pref-none',`/preferences/${nt}`],['pref-paused',`/preferences/${pt}`],['pref-nothing',`/preferences/${t}`,{action:'stop'}],
      ['why',`/why/${t}`],['why-none',`/why/${nt}`],['view',`/view/${t}`],['view-gone','/view/AAAAAAAAAAAAAAAAAAAAAA'],
      ['avsluta','/avsluta'],['avsluta-fault','/avsluta',{address:'hej'}],['avsluta-done','/avsluta',{address:'a+b@example.com'}],
      ['signup','/signup/nyhetsbrev'],['signup-fault','/signup/nyhetsbrev',{email:'hej'}],['inbox',`/preferences/${t}/keep`,{topic:world.topicIds[2]!}],
      ['confirm',pend],['welcome',welcome,{a:'1'}],['off',off],['expired',exp],['confirm-unknown','/confirm/AAAAAAAAAAAAAAAAAAAAAA'],
      ['archive','/archive'],['archived',`/archive/${c}`],['404','/finns-inte'],['mailbox','/dev/mailbox'],['mailbox-none','/dev/mailbox?to=zzz'],['mail',`/dev/mailbox/${id}`],
    ];
    for (const scheme of ['light','dark'] as const) for (const width of [390,1280]) {
      const v = await Visitor.arrive(browser, world.service, {colorScheme:scheme, viewport:{width,height:width===390?844:900}});
      for (const [name,path,fields] of pages) {
        const r = await v.open(path,fields);
        await v.page.screenshot({path:`${OUT}/${name}.${width}.${scheme}.png`, fullPage:true});
        if(scheme==='light'&&width===390) console.log(name, r.status(), (await r.body()).length);
      }
      await v.leave();
    }
    console.log(Date.now()-t0);
  }, 200000);
});
