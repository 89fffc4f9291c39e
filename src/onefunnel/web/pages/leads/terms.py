"""What records of leads and customers are called."""

from onefunnel.web.locale.translations import N_
from onefunnel.workflows.directory.leads import State

STATES = {
    State.NEW: ("idle", N_("Not offered yet")),
    State.WAITING: ("risk", N_("Waits for a call")),
    State.WORKED: ("turn", N_("Worked on")),
    State.OPEN: ("turn", N_("Deal open")),
    State.RECYCLED: ("idle", N_("Sleeps until later")),
    State.WON: ("good", N_("Won")),
    State.LOST: ("bad", N_("Lost")),
    State.REJECTED: ("bad", N_("Sent back")),
}
"""The mark and the name of where a lead stands."""

STANDS = {
    "": N_("All leads"),
    "waiting": N_("Waiting"),
    "worked": N_("Worked on"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "new": N_("Not offered yet"),
}

TOUCHES = {
    "impression": N_("Saw an advert"),
    "click": N_("Followed an advert"),
    "visit": N_("Visited the site"),
    "form": N_("Filled in a form"),
    "call": N_("A call"),
    "chat": N_("A chat"),
    "email": N_("An e-mail"),
    "event": N_("Came to an event"),
    "meeting": N_("A meeting"),
    "collateral": N_("Read sales material"),
    "self_report": N_("Said how they heard of us"),
}
INTENTS = {
    "price": N_("Asked for a price"),
    "quote": N_("Asked for a quote"),
    "date": N_("Asked for a date"),
    "meeting": N_("Asked for a meeting"),
    "callback": N_("Asked to be called back"),
    "trial": N_("Asked for a trial"),
}
HANDOFFS = {
    "offered": N_("Offered to sales"),
    "assigned": N_("Given to somebody"),
    "accepted": N_("Accepted by sales"),
    "rejected": N_("Sent back by sales"),
    "attempted": N_("Tried to reach them"),
    "connected": N_("Reached them"),
    "qualified": N_("Found to be a buyer"),
    "disqualified": N_("Found to be no buyer"),
    "recycled": N_("Put to sleep until later"),
    "returned": N_("Returned to marketing"),
}
DEALS = {"open": N_("Deal open"), "won": N_("Deal won"), "lost": N_("Deal lost")}
ADVOCACY = {
    "review": N_("Wrote a review"),
    "referral": N_("Brought somebody"),
    "recommendation": N_("Would recommend us"),
    "testimonial": N_("Gave a testimonial"),
}
OTHERS = {
    "touch": N_("A touch"),
    "lead": N_("Became a lead"),
    "handoff": N_("A step of the hand-off"),
    "deal": N_("A change of a deal"),
    "quote": N_("A price was offered"),
    "commitment": N_("A promise was made"),
    "order": N_("Ordered"),
    "advocacy": N_("Spoke of the company"),
}
"""What a line is called whose kind is unknown, or has no name of its own."""

KINDS = {"touch": TOUCHES, "handoff": HANDOFFS, "deal": DEALS, "advocacy": ADVOCACY}
