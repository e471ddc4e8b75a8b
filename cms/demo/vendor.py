"""Third parties' origin: a script that counts visits, sets a cookie and calls home; it tells how often. And a cam."""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# One for each service: origins apart, all of this machine.
HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 5))

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
# Says in which order it ran: of two that must keep theirs.
ORDER = b"""
document.documentElement.dataset.order =
  `${document.documentElement.dataset.order ?? ""} ${new URL(document.currentScript.src).search.slice(1)}`.trim();
"""
CAM = b"""<!doctype html>
<html lang="en">
  <title>Harbour Cam</title>
  <style>
    body { display: grid; place-items: center; height: 100vh; margin: 0; background: #0b2b36; }
    svg { width: 100%; height: 100%; }
  </style>
  <svg viewBox="0 0 560 315" role="img" aria-label="A ship at the quay">
    <path fill="#174c5c" d="M0 220h560v95H0z"/>
    <path fill="#c8553d" d="M90 190h300l-28 46H124z"/>
    <path fill="#e8c468" d="M150 150h60v40h-60zm70 0h60v40h-60zm0-44h60v40h-60z"/>
    <path fill="#fff" fill-opacity=".85" d="M250 120l70 38-70 38z"/>
  </svg>
</html>
"""
MAP = b"""<!doctype html>
<html lang="en">
  <title>Port Alder</title>
  <style>body { margin: 0; } svg { display: block; width: 100vw; height: 100vh; }</style>
  <svg viewBox="0 0 560 315" role="img" aria-label="The way to the quay">
    <path fill="#e9efe6" d="M0 0h560v315H0z"/>
    <path fill="#b5d3dd" d="M0 230c150-50 320 40 560-30v115H0z"/>
    <path fill="none" stroke="#fff" stroke-width="12" d="M40 0v150h240v80M280 150h280"/>
    <circle cx="280" cy="215" r="12" fill="#c8553d"/>
  </svg>
</html>
"""
# Of its own origin: inside a page of another site a browser keeps such a cookie only if it says so.
CAM_COOKIE = "cam_viewer=1; Path=/; Max-Age=86400; Secure; SameSite=None"


class Vendor(BaseHTTPRequestHandler):
    asked = {"script": 0, "hit": 0}

    def do_GET(self) -> None:
        if self.path == "/count.js":
            self.asked["script"] += 1
            return self._answer(SCRIPT, "text/javascript")
        if self.path == "/advertise.js":
            return self._answer(ADVERTISEMENT, "text/javascript")
        if self.path.partition("?")[0] == "/cam":
            return self._answer(CAM, "text/html", cookie=CAM_COOKIE)
        if self.path.partition("?")[0] == "/map":
            return self._answer(MAP, "text/html")
        if self.path.partition("?")[0] == "/order.js":
            return self._answer(ORDER, "text/javascript")
        if self.path == "/":
            seen = f"The script was fetched {self.asked['script']} times and called home {self.asked['hit']} times.\n"
            return self._answer(b"Tally Works (the demo's third party). " + seen.encode(), "text/plain")
        return self.send_error(404)

    def do_POST(self) -> None:
        if self.path != "/hit":
            return self.send_error(404)
        self.asked["hit"] += 1
        return self._answer(b"", "text/plain")

    def _answer(self, body: bytes, kind: str, cookie: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    first, *others = (ThreadingHTTPServer((host, port), Vendor) for host in HOSTS)
    for server in others:
        Thread(target=server.serve_forever, daemon=True).start()
    first.serve_forever()


if __name__ == "__main__":
    main()
