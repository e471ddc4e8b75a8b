"""Third parties' origin: a script that counts visits, sets a cookie and calls home; it tells how often."""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCRIPT = b"""// Tally Works, the demo's analytics vendor: everything here happens only after the visitor allowed it.
(() => {
  const before = Number(document.cookie.match(/(?:^|; )visit_count=(\\d+)/)?.[1] ?? 0);
  document.cookie = `visit_count=${before + 1}; path=/; max-age=86400; SameSite=Lax`;
  document.documentElement.dataset.visitCount = before + 1;
  fetch(new URL("hit", document.currentScript.src), { method: "POST", mode: "no-cors" });
})();
"""
ADVERTISEMENT = b"""// Quayside Media, the demo's advertising vendor: it runs only for visitors who allowed it.
document.cookie = "billboard_seen=1; path=/; max-age=2592000; SameSite=Lax";
document.documentElement.dataset.billboard = "seen";
"""


class Vendor(BaseHTTPRequestHandler):
    asked = {"script": 0, "hit": 0}

    def do_GET(self) -> None:
        if self.path == "/count.js":
            self.asked["script"] += 1
            return self._answer(SCRIPT, "text/javascript")
        if self.path == "/advertise.js":
            return self._answer(ADVERTISEMENT, "text/javascript")
        if self.path == "/":
            seen = f"The script was fetched {self.asked['script']} times and called home {self.asked['hit']} times.\n"
            return self._answer(b"Tally Works (the demo's third party). " + seen.encode(), "text/plain")
        return self.send_error(404)

    def do_POST(self) -> None:
        if self.path != "/hit":
            return self.send_error(404)
        self.asked["hit"] += 1
        return self._answer(b"", "text/plain")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Vendor).serve_forever()


if __name__ == "__main__":
    main()
