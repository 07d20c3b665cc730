#: network.host-not-found with curl
curl -sS https://shop.invalid/
#: network.refused with curl
curl -sS http://127.0.0.1:9/
#: network.timed-out with curl
printf 'import socket\ns = socket.socket(); s.bind(("127.0.0.1", 8761)); s.listen()\nimport time; time.sleep(4)\n' > s.py; timeout 5 python3 s.py & sleep 0.4; curl -sS --max-time 1 http://127.0.0.1:8761/
#: network.certificate with curl
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 1 -subj /CN=localhost 2>/dev/null; timeout 4 openssl s_server -accept 8762 -key k.pem -cert c.pem -quiet >/dev/null 2>&1 & sleep 1; curl -sS https://127.0.0.1:8762/
#: network.tls-plain with curl
printf 'import http.server as h\nh.HTTPServer(("127.0.0.1", 8763), h.BaseHTTPRequestHandler).handle_request()\n' > s.py; timeout 4 python3 s.py 2>/dev/null & sleep 0.5; curl -sS https://127.0.0.1:8763/
#: network.empty-reply with curl
printf 'import socket\ns = socket.socket(); s.bind(("127.0.0.1", 8764)); s.listen(); c, _ = s.accept(); c.recv(100); c.close()\n' > s.py; timeout 4 python3 s.py & sleep 0.5; curl -sS http://127.0.0.1:8764/
#: network.http-404 with curl
printf 'import http.server as h\nh.HTTPServer(("127.0.0.1", 8766), h.SimpleHTTPRequestHandler).handle_request()\n' > s.py; timeout 4 python3 s.py 2>/dev/null & sleep 0.5; curl -sSf http://127.0.0.1:8766/shop-1.0.tar.gz
#: network.rate-limit with curl
printf 'import http.server as h\nclass A(h.BaseHTTPRequestHandler):\n    def do_GET(s): s.send_error(429)\nh.HTTPServer(("127.0.0.1", 8767), A).handle_request()\n' > s.py; timeout 4 python3 s.py 2>/dev/null & sleep 0.5; curl -sSf http://127.0.0.1:8767/
#: network.unauthorized with curl
printf 'import http.server as h\nclass A(h.BaseHTTPRequestHandler):\n    def do_GET(s): s.send_error(401)\nh.HTTPServer(("127.0.0.1", 8768), A).handle_request()\n' > s.py; timeout 4 python3 s.py 2>/dev/null & sleep 0.5; curl -sSf http://127.0.0.1:8768/
#: network.server-error with curl
printf 'import http.server as h\nclass A(h.BaseHTTPRequestHandler):\n    def do_GET(s): s.send_error(503)\nh.HTTPServer(("127.0.0.1", 8769), A).handle_request()\n' > s.py; timeout 4 python3 s.py 2>/dev/null & sleep 0.5; curl -sSf http://127.0.0.1:8769/
#: network.port-in-use with python3
python3 -c 'import socket; a = socket.socket(); a.bind(("127.0.0.1", 8770)); a.listen(); socket.socket().bind(("127.0.0.1", 8770))'
#: network.python-certificate with python3
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 1 -subj /CN=localhost 2>/dev/null; timeout 4 openssl s_server -accept 8771 -key k.pem -cert c.pem -quiet >/dev/null 2>&1 & sleep 1; python3 -c 'import urllib.request as u; u.urlopen("https://localhost:8771/")'
#: network.proxy with curl
curl -sS -x http://proxy.invalid:3128 https://example.com/
