"""What does each finding mean to an editor, and what should whoever runs the domain or the mail server do?"""

from django.utils.translation import gettext_lazy as _

from mailing.setup.shapes import Check, Finding, Status

STATUSES = {
    Status.OK: _("in order"),
    Status.MISSING: _("missing"),
    Status.WRONG: _("wrong"),
    Status.UNKNOWN: _("could not look"),
}

# What each is, and what it is for.
CHECKS = {
    Check.SPF: (_("SPF"), _("The domain says which servers may send its mail.")),
    Check.DKIM: (_("DKIM"), _("The mail server signs each message; the key to check it stands in DNS.")),
    Check.DMARC: (_("DMARC"), _("The domain says what to do with mail that only pretends to come from it.")),
    Check.ALIGNMENT: (_("DMARC alignment"), _("The signature is of the domain that readers see as the sender.")),
    Check.REPLIES: (_("Answers"), _("Mail to the sender's address arrives somewhere.")),
    Check.RETURN_PATH: (_("Return path"), _("Bounces have an address to go to.")),
    Check.RETURNS: (_("Bounces"), _("This site learns which messages came back.")),
    Check.TLS: (_("Encryption"), _("Messages are handed to the mail server over an encrypted connection.")),
    Check.REVERSE: (_("Reverse DNS"), _("The mail server's address has a name, and the name leads back to it.")),
    Check.HELO: (_("Greeting"), _("The mail server introduces itself by a name that exists.")),
    Check.SITE: (_("Unsubscribing by one click"), _("Mailbox providers post to an https address of this site.")),
}

SENTENCES = {
    "unanswered": _("Nobody answered in time. Check again; if it stays so, see whether this machine may ask DNS."),
    "not_reached": _("The mail server could not be reached."),
    "not_reached_because": _("The mail server could not be reached (%(problem)s). Look at EMAIL_HOST and EMAIL_PORT."),
    # SPF
    "spf_missing": _("The domain has no SPF record. Publish one that names whoever sends your mail."),
    "spf_several": _("The domain has %(count)d SPF records, so receivers heed none. Merge them into one."),
    "spf_ok": _("One record; it takes %(lookups)d of at most %(most)d lookups."),
    "spf_lookups": _(
        "The record takes %(lookups)d lookups, and receivers stop at %(most)d. Remove what no longer sends for you."
    ),
    "spf_void": _("%(count)d of its names lead nowhere, and receivers stop after %(most)d. Remove them."),
    "spf_syntax": _("Receivers cannot read “%(term)s” and may heed none of it. Correct it."),
    "spf_include": _("It refers to %(domain)s, which has no SPF record, so receivers heed none of it. Remove that."),
    "spf_open": _("It ends in “+all”: anybody may send mail in this domain's name. Let it end in “-all”."),
    "spf_neutral": _("It ends in “?all”, which says nothing. Let it end in “-all” or “~all”."),
    "spf_no_end": _("It does not say what of all other servers. Let it end in “-all” or “~all”."),
    "spf_covers": _("It names %(host)s."),
    "spf_covers_not": _(
        "It does not name the address of %(host)s. That is right only where your provider sends from other addresses."
    ),
    # DKIM
    "dkim_no_selector": _(
        "Nobody told this site which keys the mail server signs with. Ask whoever runs it for the selector, and set "
        "MAIL_DKIM_SELECTORS."
    ),
    "dkim_missing": _("There is no key at %(name)s. Publish the one that the mail server signs with."),
    "dkim_several": _("There are several records at %(name)s; receivers may take either. Leave one."),
    "dkim_revoked": _("The key at %(name)s is withdrawn (p= is empty)."),
    "dkim_unreadable": _("What stands at %(name)s is no key that receivers can read. Copy it again."),
    "dkim_weak": _("The key at %(name)s has %(bits)d bits; receivers refuse less than 1024. Make one of 2048."),
    "dkim_short": _("The key at %(name)s has %(bits)d bits. That is accepted; make the next one of 2048."),
    "dkim_testing": _("The key at %(name)s says that it is only being tried (t=y). Take that out."),
    "dkim_ok": _("There is a key of %(bits)d bits at %(name)s."),
    # DMARC
    "dmarc_missing": _(
        "The domain has no DMARC record. Gmail and Yahoo refuse much mail without one; p=none is enough to begin with."
    ),
    "dmarc_several": _("There are several DMARC records, so receivers heed none. Leave one."),
    "dmarc_no_policy": _("Its policy “%(policy)s” is none that receivers know. Write p=none, quarantine or reject."),
    "dmarc_none": _(
        "%(where)s asks for reports alone (p=none). That is enough for mailbox providers. Once the reports show that "
        "your own mail passes, p=quarantine keeps others from using your name."
    ),
    "dmarc_quarantine": _("%(where)s sends what pretends to be yours to the spam folder."),
    "dmarc_reject": _("%(where)s has what pretends to be yours refused."),
    "dmarc_no_reports": _("Nobody gets the reports: add rua=mailto: and an address to learn who uses your name."),
    "dmarc_foreign_reports": _("Reports go to %(domain)s, which does not say that it takes them; they will not come."),
    "aligned_by_signature": _("Signatures of %(domain)s count for this sender."),
    "aligned_by_return_path": _(
        "No key for this domain was found; only the return path (%(domain)s) fits the sender. Forwarded mail fails "
        "then, and Gmail and Yahoo want the signature too. Let the mail server sign as this domain."
    ),
    "aligned_not": _(
        "Neither a signature nor the return path (%(domain)s) is of this domain: its mail fails DMARC. Let the mail "
        "server sign as this domain, or set MAIL_RETURN_ADDRESS to an address in it."
    ),
    "aligned_unknown": _("That depends on the signature: set MAIL_DKIM_SELECTORS, and check again."),
    # Where mail comes back
    "has_mx": _("The domain names its mail exchangers."),
    "only_address": _("The domain names no mail exchanger; mail goes to its address. Some receivers dislike that."),
    "no_mx": _("Nobody can answer: the domain has neither a mail exchanger nor an address."),
    "takes_no_mail": _("The domain says that it takes no mail (a null MX). Use a sender that can be answered."),
    "return_unset": _(
        "Bounces go to the sender's mailbox, where this site does not see them. Make a mailbox for them, and set "
        "MAIL_RETURN_ADDRESS."
    ),
    "return_provider": _("The provider takes bounces, and tells this site."),
    "return_no_mx": _("The domain of the return address names no mail exchanger: bounces get lost."),
    "return_ok": _(
        "Bounces go to an address of their own for each message. The mailbox must take bounces+anything@, too."
    ),
    "returns_read": _("A worker reads the mailbox that bounces go to."),
    "returns_told": _("The provider's messages to this site (webhooks) say what came back."),
    "returns_unread": _(
        "Nobody reads the bounces, so mail to dead addresses goes on, and mailbox providers hold that against you. "
        "Set MAIL_RETURN_MAILBOX."
    ),
    # The server
    "tls_ok": _("%(version)s, and the certificate is valid for %(days)d more days."),
    "tls_soon": _("%(version)s, but the certificate is valid for %(days)d more days only. Renew it."),
    "tls_local": _("The server is in this network: what it hands on is for it to encrypt."),
    "tls_not_offered": _("The server offers no encryption (STARTTLS). Ask whoever runs it, or use another port."),
    "tls_off": _("The server offers encryption, and this site does not use it. Set EMAIL_USE_TLS to True."),
    "tls_failed": _("No encrypted connection came about: %(problem)s. Nothing can be sent like this."),
    "reverse_private": _(
        "The server's address is a private one. Which address receivers see, whoever runs the server knows: it needs a "
        "name (PTR) that leads back to it."
    ),
    "reverse_ok": _("%(address)s is %(name)s, and back."),
    "reverse_none": _("%(address)s has no name. Ask whoever owns the address to give it one (PTR)."),
    "reverse_elsewhere": _("%(address)s is called %(name)s, but that name leads elsewhere. Make the two agree."),
    "helo_ok": _("It greets as %(name)s."),
    "helo_short": _("It greets as “%(name)s”, which is no full name. Give the mail server its full name."),
    "helo_unknown": _("It greets as %(name)s, a name that does not exist in DNS. Publish it, or change the greeting."),
    "site_ok": _("Unsubscribing works over https."),
    "site_plain": _("Links in mails begin with http. Mailbox providers then show no button to unsubscribe."),
}


def sentences(finding: Finding) -> list[str]:
    """In the language that is active."""
    return [str(SENTENCES[said.key]) % said.words for said in finding.said]
