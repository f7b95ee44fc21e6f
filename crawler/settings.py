"""Scrapy settings. Each line that differs from Scrapy's default says what the default is and why it differs."""

from crawler import __version__
from crawler.pipelines import ITEM_PIPELINES  # noqa: F401 (read by Scrapy)

BOT_NAME = "dsi-observatory"  # default "scrapybot": an operator must see who asks
# default names Scrapy; `dsi` adds the configured contact
USER_AGENT = f"dsi-observatory/{__version__} (research crawler; measures digital social innovation)"
DSI_ROBOTS_TOKEN = "dsi-observatory"  # noqa: S105 (the product token robots.txt is matched with)

SPIDER_MODULES = ["spiders"]  # default []: the protocols; the crawler reaches them by this string only
SPIDER_LOADER_CLASS = (
    "crawler.loader.SourceSpiderLoader"  # default loads classes; ours makes one per source file
)

# Politeness and safety
ROBOTSTXT_OBEY = (
    False  # default False; stays off because Scrapy's gate leaks under concurrency, ours replaces it
)
DOWNLOADER_MIDDLEWARES = {
    "crawler.guard.GuardMiddleware": 50,  # before robots: robots.txt of a private host is not asked either
    "crawler.robots.RobotsMiddleware": 100,
}
DOWNLOAD_HANDLERS = {
    # default also serves file, data, ftp and s3: a redirect or a link must never reach them
    "http": "crawler.handler.PoliteHandler",
    "https": "crawler.handler.PoliteHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = (
    "crawler.guard.GuardedResolver"  # default checks nothing (DNS_RESOLVER is its name before 2.19)
)
DOWNLOAD_DELAY = 0  # default 0; the delay is kept per host over all crawlers by crawler.hosts
CONCURRENT_REQUESTS = 32  # default 16: waiting for a turn on a host counts as active
CONCURRENT_REQUESTS_PER_DOMAIN = 16  # default 8; the real limit (1) is the gate's, this only bounds who waits
DSI_BUSY_TRIES = 3  # own: how often a request is sent that is answered 429 or 503
DSI_BUSY_PAUSE = 10.0  # own: seconds to wait after 429/503 without Retry-After, doubled per try
DSI_RETRY_AFTER_MAX = 300.0  # own: longest Retry-After that is waited for, seconds
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # default has 429, 503 too: those wait in crawler.handler
DOWNLOAD_TIMEOUT = 45  # default 180: total time of one response
DOWNLOAD_MAXSIZE = (
    10 * 2**20
)  # default 1 GiB: decompression bombs took 680 MB of memory; per source `max_bytes`
DOWNLOAD_WARNSIZE = 2 * 2**20  # default 32 MiB
REDIRECT_MAX_TIMES = 6  # default 20
COOKIES_ENABLED = False  # default True: nothing here needs to be remembered by a site
TELNETCONSOLE_ENABLED = False  # default True: opens a port
REMOTE_CONTROL_ENABLED = False  # default True since 2.19: opens a port
REFERRER_POLICY = "no-referrer"  # default no-referrer-when-downgrade: paths of one source concern no other

# What a run records
SPIDER_MIDDLEWARES = {
    "crawler.evidence.EvidenceMiddleware": 950,  # next to the spider: sees what it yields before anyone else
}
EXTENSIONS = {
    "crawler.outcomes.Outcomes": 100,
    "crawler.ledger.Ledger": 200,
}
DSI_MODEL = None  # own: JSON part of the classifier model; none: the packaged one
DSI_EVIDENCE_DAYS = None  # own: days after which a raw response is deleted; none: never
DSI_HEARTBEAT = 15.0  # own: seconds between two signs of life of a run

# Work per process
CONCURRENT_ITEMS = 100  # default 100: the store step collects this many before it writes
LOG_LEVEL = "WARNING"  # default DEBUG: the ledger is the record of a run, the log is for faults
LOG_FORMATTER = (
    "crawler.outcomes.QuietFormatter"  # default logs every dropped item in full: it may hold personal data
)
MEMUSAGE_ENABLED = False  # default True: one limit per crawler would stop all sources of the process
