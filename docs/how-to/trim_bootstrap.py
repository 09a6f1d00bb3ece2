"""Cut Bootstrap's stylesheet down to the parts our pages use: python trim_bootstrap.py IN OUT."""

import re
import sys
from pathlib import Path

# Components that need JavaScript, that the house rules forbid (percentages), or that we draw ourselves.
UNUSED = re.compile(
    r"\.(?:accordion|bg-gradient|breadcrumb|btn-(?:close|dark|group|info|light|outline-(?:dark|info|light|success"
    r"|warning)|success|toolbar|warning)|carousel|collaps|drop(?:down|up|end|start)|figure|focus-ring|form-floating"
    r"|form-range|icon-link|modal|navbar|nav-(?:pills|underline)|offcanvas|placeholder|popover|progress"
    r"|ratio|spinner|sticky|table-(?:dark|info|light|secondary)|toast|tooltip|vr\b|link-(?:offset|opacity"
    r"|underline)|(?:text-bg|link|bg|border|text|alert)-(?:info|light|dark|black|white)|bg-opacity|border-opacity"
    r"|text-opacity|opacity|z-|translate|top-|bottom-|start-|end-|user-select|pe-|pointer|shadow-lg"
    r"|rounded-(?:top|bottom|start|end)|object-fit|overflow-[xy]|float-|link-(?:primary|secondary"
    r"|success|danger|warning|body)|list-group-item-|fs-|lh-|stretched|visible|invisible|initialism"
    r"|g[xy]?-xl|blockquote|list-group|was-validated|is-valid|valid-|form-switch|offset-|order-|hstack|vstack)"
    r"|:(?:in)?valid\b"
)
WIDE = re.compile(r"@media \(min-width:1[24]00px\)")
DARK = re.compile(r"\[data-bs-theme=dark\]")


def rules(css: str) -> list[str]:
    """Return the top-level rules of a stylesheet as texts, in order."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(css):
        depth += (letter == "{") - (letter == "}")
        if letter == "}" and depth == 0:
            found.append(css[start : place + 1])
            start = place + 1
    return found


def kept(rule: str) -> str:
    """Return the rule without its unused selectors, or an empty text."""
    head, _, body = rule.partition("{")
    if rule.startswith("@media"):
        inner = "".join(kept(part) for part in rules(body[:-1]))
        narrow = inner and (not WIDE.match(rule) or ".container" in inner)
        return f"{head}{{{inner}}}" if narrow else ""
    if head.startswith("@keyframes"):
        return ""
    # Commas inside :is(), :not() do not part selectors.
    selectors = re.split(r",(?![^(]*\))", head)
    used = [s for s in selectors if not UNUSED.search(s) and not DARK.search(s)]
    return f"{','.join(used)}{{{body}" if used else ""


def main() -> None:
    """Read, cut, write."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    css = source.read_text(encoding="utf-8").replace("@charset \"UTF-8\";", "")
    licence = css[: css.index("*/") + 2]
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    target.write_text(licence + "".join(kept(rule) for rule in rules(css)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
