"""Phrases that negate or soften, over the norms of a message joined by blanks."""

import re

_OTHER_VERB = (
    "have|own|find|see|know|sleep|understand|remember|mind|wait|arrive|come|work"
    "|receive"
    "|hear|fit|find|got|get|believe|decide|matter|help|seen|received|arrived|had"
    "|found|care|tell|say"
)
BEFORE = re.compile(
    r"(?<!\w)(?:"
    r"(?:do|does|did|will|would|can|could|should|ca|wo)? ?\bnot\b(?! (?:only|just"
    r"|sure|bad|necessarily|yet|really sure"
    rf"|have to be|need to be|a must|essential|required|too fussed|fussy|bothered"
    rf"|(?:really |even |yet )?(?:{_OTHER_VERB})))"
    r"|\bno\b(?! (?:problem|idea|matter|worries|doubt|wonder|rush|hurry|preference"
    r"|one|need to))"
    r"|without|never|neither|nor|avoid(?:ing)?|hates?|hated|dislikes?|detest|loathe"
    r"|except(?: for)?"
    r"|(?:anything|everything|all|any(?: colour| color| material)?) (?:but|except"
    r"|besides)|other than|apart from|instead of|rather than|rather (?:\w+ ){1,3}than"
    r"|sick of|fed up with|allergic to|allergy to|stay away from|steer clear of|get "
    r"rid of|minus"
    r"|free (?:of|from)|nothing (?:with|in|made of|from|too|that is)|least of all"
    r"|enough of|skip|leave out|hold the|ditch|forget(?: about)?"
    r")(?!\w)"
)
FLIP = re.compile(
    r"(?<!\w)(?:without|except(?: for)?|live without|(?:anything|everything) but)(?!\w)"
)
AFTER = re.compile(
    r"^(?: [,?] | - | )?(?:(?:is|are|was|be|would|do|does|will|wo|a|definitely|really"
    r"|just|sounds?|that) )*"
    r"(?:free(?! (?:delivery|shipping|returns?))|not(?! (?:bad|too bad|a problem|only"
    r"|just))(?: (?:for me|an option|my|good|right|what|it|ok|okay|suitable|work|do"
    r"|good|great|possible|needed|necessary|nice|at all|really|so)\b.*)?$"
    r"|not (?:for|an|my|what|work|suit|do|ok|okay|good|needed)\b|(?:is |are )?out(?! "
    r"of)|no(?: way| thanks| thank you| go)?(?: [,.!?]|$)|no thanks|(?:makes?"
    r"|gives?) me|irritates?|itches|scratches)"
)
MODIFIED = re.compile(r" (?:without|with no)\b")
BREAK = re.compile(
    r"(?<!\w)(?:but|however|though|although|just|only|because|since|please|instead"
    r"|rather|if|when|while|i|we|it|give|show)(?!\w)|[.!?;:()\n]"
)
SOFT_BEFORE = re.compile(
    r"(?<!\w)(?:ideally|preferably|preference|(?:would |i |we |d )?prefer|hopefully"
    r"|perhaps|maybe|(?:^|(?<=[,.;!?] )|(?<=and )|(?<=but ))(?:if possible|if you "
    r"can)|nice to have"
    r"|bonus(?: points)?(?: if| for)?|(?:would|will) love|best if|better if|great if"
    r"|nice if|(?:do|does|did|would) not (?:have|need) to be|leaning (?:to|towards)"
    r"|would rather|kind of|sort of"
    r"|would be (?:nice|great|lovely|good|cool|ideal|perfect|a bonus|a plus)(?: if| "
    r"to have)?|not a must but|optionally)(?!\w)"
)
SOFT_AFTER = re.compile(
    r"(?<!\w)(?:would be (?:nice|great|lovely|good|cool|ideal|perfect|a bonus|a plus"
    r"|best|appreciated)|if possible|if you can|if you have (?:it|one|any|that)"
    r"|if there is|ideally|preferably|is a bonus|is a plus|nice to have|for "
    r"preference|(?:is|are) (?:not|no) (?:a )?(?:must|essential|required|necessary"
    r"|need)|optional|if at all possible|if available|too if it can be|but not "
    r"essential|but not a must|or so)(?!\w)"
)
NEED_NOT = re.compile(
    r"(?:not about|nothing to do with|not (?:my|the|a) (?:problem|issue"
    r"|matter)[^.]{0,12}|no (?:problem|trouble|issues?)s? (?:with|there)|do not need "
    r"help (?:with|to)|(?:is|are) (?:fine|ok|okay|all right|sorted|no problem|not "
    r"the (?:problem|issue|point)))(?!\w)"
)
