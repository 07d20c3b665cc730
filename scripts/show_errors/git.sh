#: git.not-a-repository with git
git status
#: git.no-such-ref with git
git init -q; git commit -q --allow-empty -m a; git checkout shipping
#: git.conflict with git
git init -q; echo a > f; git add f; git commit -qm a; git checkout -qb b; echo b > f; git commit -qam b; git checkout -q -; echo c > f; git commit -qam c; git merge b
#: git.conflict-patch with git
git init -q; echo a > f; git add f; git commit -qm a; printf 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n' | git apply
#: git.rejected with git
git init -q --bare o; git clone -q o a 2>/dev/null; git -C a commit -q --allow-empty -m a; git -C a push -q; git clone -q o b; git -C a commit -q --allow-empty -m b; git -C a push -q; git -C b commit -q --allow-empty -m c; git -C b push
#: git.clone-not-found with git
git clone file:///srv/git/shop.git
#: git.shallow-base with git
git init -q o; git -C o commit -q --allow-empty -m a; git -C o commit -q --allow-empty -m b; git clone -q --depth 1 "file://$PWD/o" s; git -C s diff HEAD~1
#: git.no-tags with git
git init -q; git commit -q --allow-empty -m a; git describe
#: git.identity with git
git init -q; HOME=/none env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL git -c user.useConfigOnly=true commit --allow-empty -m a
#: git.dirty with git
git init -q; echo a > f; git add f; git commit -qm a; git checkout -qb b; echo b > f; git commit -qam b; git checkout -q -; echo c > f; git checkout b
#: git.index-lock with git
git init -q; touch .git/index.lock; git add -A
#: git.submodule-url with git
git init -q; git init -q sub; git -C sub commit -q --allow-empty -m a; git add sub 2>/dev/null; git submodule update --init
#: git.unrelated with git
git init -q; git commit -q --allow-empty -m a; git branch -m master; git checkout -q --orphan b; git commit -q --allow-empty -m b; git merge master
#: git.dubious-ownership with git
git init -q s; chown -R 65534:65534 s; git -C s status
#: git.no-remote with git
git init -q; git fetch upstream
#: git.no-push-destination with git
git init -q; git commit -q --allow-empty -m a; git checkout -qb cart; git push
#: git.credentials with git
printf 'import http.server as h\nclass A(h.BaseHTTPRequestHandler):\n    def do_GET(s):\n        s.send_response(401); s.send_header("WWW-Authenticate", "Basic realm=x"); s.end_headers()\n    def log_message(*a): pass\ns = h.HTTPServer(("127.0.0.1", 8765), A)\nfor _ in range(2): s.handle_request()\n' > s.py; timeout 9 python3 s.py & sleep 0.5; git -c credential.helper= ls-remote http://127.0.0.1:8765/shop.git
