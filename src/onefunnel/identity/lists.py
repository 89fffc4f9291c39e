"""E-mail domains and addresses that say nothing of who somebody is. Both lists are short by intent.

A provider that is missing from ``FREE_MAIL_DOMAINS`` does harm only where an organisation's record
names that provider as its own domain; a role that is missing from ``ROLE_ADDRESSES`` does harm
only where colleagues were entered with one address and different names.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE_MAIL_DOMAINS = _words(
    # worldwide and English
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com "
    "yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.ca yahoo.com.au yahoo.co.in "
    "hotmail.co.uk outlook.co.uk live.co.uk aol.com aol.co.uk aim.com icloud.com me.com mac.com "
    "proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com hey.com zoho.com "
    "zohomail.com mail.com email.com gmx.com gmx.net gmx.us hushmail.com inbox.com usa.com "
    "comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net "
    "earthlink.net btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com "
    "rogers.com shaw.ca sympatico.ca bigpond.com optusnet.com.au xtra.co.nz qq.com 163.com "
    # Russian
    "mail.ru bk.ru list.ru inbox.ru internet.ru xmail.ru yandex.ru ya.ru yandex.com "
    "yandex.by yandex.kz yandex.ua rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru "
    "pochta.ru mail.ua ukr.net i.ua meta.ua bigmir.net tut.by mail.by mail.kz "
    # Romanian (Romania and Moldova)
    "yahoo.ro gmail.ro hotmail.ro outlook.ro email.ro mail.md rdslink.ro rdsmail.ro home.ro "
    "clicknet.ro upcmail.ro xnet.ro k.ro "
    # Persian
    "chmail.ir mihanmail.ir mailfa.com mailfa.org iran.ir vatanmail.ir rayana.ir iranmail.com "
    "parsmail.com "
    # Vietnamese
    "yahoo.com.vn gmail.com.vn outlook.com.vn vnn.vn hn.vnn.vn hcm.vnn.vn fpt.vn hcm.fpt.vn "
    "hn.fpt.vn zing.vn viettel.vn "
    # neighbours whose people buy across the border
    "gmx.de gmx.at gmx.ch web.de t-online.de freenet.de yahoo.de hotmail.de outlook.de "
    "yahoo.fr hotmail.fr outlook.fr live.fr orange.fr wanadoo.fr free.fr laposte.net sfr.fr "
    "yahoo.it hotmail.it libero.it virgilio.it tiscali.it yahoo.es hotmail.es "
    "yahoo.com.br hotmail.com.br uol.com.br bol.com.br terra.com.br "
    "abv.bg freemail.hu citromail.hu wp.pl o2.pl onet.pl interia.pl seznam.cz"
)
"""Domains at which anybody can open a mailbox: they tie nobody to an organisation."""

ROLE_ADDRESSES = _words(
    # a department or the whole house
    "info information office contact contacts hello hi mail email post sales sale vanzari "
    "comenzi order orders zakaz shop store marketing pr press media support help helpdesk "
    "service client clients customer customerservice suport reception receptie secretariat "
    "secretary admin administrator administration administratie team company firma reklama "
    "hr jobs job career careers cariere kadry rezume accounting accounts account billing "
    "invoice invoices finance contabilitate facturi buh buhgalter buhgalteria legal juridic "
    "purchasing procurement achizitii zakupki logistics logistica manager director "
    "lienhe kinhdoanh banhang hotro ketoan tuyendung kontakt booking reservations rezervari "
    # machines
    "webmaster postmaster hostmaster root noreply no-reply donotreply do-not-reply robot bot "
    # typed where nothing was known
    "none no na null unknown nobody noemail nomail test tester demo example user a aa aaa x xx "
    "xxx abc asd 1 123"
)
"""What stands before the @ in an address that several people read, or that nobody reads."""
