"""What is done seldom, and all it answers to: names, stages, who sees a release, what is in it."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from bot.slices import Verb, reads
from handlers.releases import forms, ids, naming, restricting, staging, views_seldom, working
from handlers.releases.named import shown
from handlers.releases.views_seldom import Seldom

SELDOM_VERBS = (
    Verb(
        "stage",
        staging.stage_release,
        usage="NAME internal|beta|limited|everyone [on DATE]",
        says="Say who has it by now; everyone is shipped.",
        example="/release stage Billing revamp beta",
        synonyms=("reached", "rollout"),
    ),
    Verb(
        "rename",
        naming.rename_release,
        usage="NAME to NEW",
        says="Give it a new name; the old one goes on answering.",
        example="/release rename Billing revamp to Billing 2",
        synonyms=("call",),
    ),
    Verb(
        "alias",
        naming.alias_release,
        usage="NAME as OTHER",
        says="Let it answer to another name as well.",
        example="/release alias Billing revamp as BR",
        synonyms=("aka", "nickname"),
    ),
    Verb(
        "unalias",
        naming.unalias_release,
        usage="OTHER",
        says="Take a further or former name away; another may be called so then.",
        example="/release unalias BR",
        synonyms=("unname",),
    ),
    Verb(
        "duplicate",
        naming.join_releases,
        usage="NAME of NAME",
        says="Close the first; the second answers to both names, and takes over what is linked to it.",
        example="/release duplicate Billing v2 of Billing revamp",
        synonyms=("dupe", "merge", "same"),
    ),
    Verb(
        "restrict",
        restricting.restrict_release,
        usage="NAME to @people or @groups",
        says="Let only them, its owner and product operations see it.",
        example="/release restrict Pricing to @pia @paul",
        synonyms=("hide", "secret"),
    ),
    Verb(
        "unrestrict",
        restricting.lift_restriction,
        usage="NAME",
        says="Let everybody see it again.",
        synonyms=("unhide", "publish", "reveal"),
    ),
    Verb(
        "add",
        working.add_work,
        usage="WORK to NAME because REASON",
        says="Take a piece of work in.",
        example="/release add refunds to Billing revamp because sales promised it",
        synonyms=("include",),
    ),
    Verb(
        "take",
        working.take_work,
        usage="WORK out of NAME because REASON",
        says="Take a piece of work out.",
        example="/release take refunds out of Billing revamp because vendor late",
        synonyms=("remove", "descope"),
    ),
)


@reads
async def open_restrict(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    people = await restricting.readers_of(session, release) or []
    groups = await restricting.group_entries(session)
    return Open(views_seldom.restrict(Seldom(shown(release), people=people, groups=groups), request.origin))


@reads
async def open_put_in(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """From a card for its release; from a question back without one."""
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor) if request.value else None
    if release:
        forms.refuse_closed(release)
    return Open(views_seldom.put_in(Seldom(shown(release) if release else None), request.origin))


open_stage = forms.opens(
    views_seldom.stage,
    lambda release, request, deps: Seldom(on=deps.today(request.actor.zone), stage=release.stage),
    check=forms.refuse_closed,
)

SELDOM_ACTIONS = {
    ids.STAGE: open_stage,
    ids.RENAME: forms.opens(views_seldom.rename, lambda release, request, deps: Seldom(name=release.name)),
    ids.ALIAS: forms.opens(views_seldom.alias, lambda release, request, deps: Seldom()),
    ids.DUPLICATE: forms.opens(views_seldom.duplicate, lambda release, request, deps: Seldom(), check=forms.refuse_closed),
    ids.RESTRICT: open_restrict,
    ids.LIFT: forms.opens(views_seldom.lift, lambda release, request, deps: Seldom()),
    ids.PUT_IN: open_put_in,
    ids.TAKE_OUT: forms.opens(views_seldom.take_out, lambda release, request, deps: Seldom(), check=forms.refuse_closed),
}
SELDOM_VIEWS = {
    ids.STAGE_FORM: forms.saves(staging.save_stage),
    ids.RENAME_FORM: forms.saves(naming.save_rename),
    ids.ALIAS_FORM: forms.saves(naming.save_alias),
    ids.UNALIAS_FORM: forms.saves(naming.save_unalias),
    ids.DUPLICATE_FORM: forms.saves(naming.save_duplicate),
    ids.RESTRICT_FORM: forms.saves(restricting.save_restrict),
    ids.LIFT_FORM: forms.saves(restricting.save_lift),
    ids.PUT_IN_FORM: forms.saves(working.save_put_in),
    ids.TAKE_OUT_FORM: forms.saves(working.save_take_out),
}
