#: shell.command-not-found with bash
bash -c 'shop-lint src'
#: shell.permission-denied with bash
echo 'echo a' > deploy.sh; bash -c ./deploy.sh
#: shell.no-such-file with bash
bash -c ./deploy.sh
#: shell.bad-interpreter with bash
printf '#!/opt/shop/bin/python\n' > a.sh; chmod +x a.sh; bash -c ./a.sh
#: shell.unbound-variable with bash
bash -uc 'echo "$API_URL"'
#: shell.syntax with bash
printf 'if true; then\necho a\n' > a.sh; bash a.sh
#: shell.not-posix with dash
printf 'if [[ a == a ]]; then echo a; fi\n' > a.sh; dash a.sh
#: shell.substitution with dash
printf 'a=abc\necho ${a^^}\n' > a.sh; dash a.sh
#: shell.disk-full with bash
echo a > /dev/full
#: shell.argument-list with bash
/bin/true $(seq 1 500000)
#: shell.apt-not-found with apt-get
apt-get install -y shop-of-ada-dev
#: shell.apt-lock with apt-get
python3 -c 'import fcntl, os; os.makedirs("d/partial"); f = open("d/lock", "w"); fcntl.lockf(f, fcntl.LOCK_EX); os.system("apt-get -o Dir::State::lists=$PWD/d update")'
#: shell.tar-format with tar
echo '<html>' > shop.tar.gz; tar xzf shop.tar.gz
#: shell.timeout-exit with bash
printf 'test:\n\ttimeout 1 sleep 5\n' > Makefile; make test
#: shell.killed with bash
bash -c 'sh -c "kill -9 \$\$"; echo'
#: shell.no-right with bash
env -i PATH=/usr/bin:/bin setpriv --reuid 65534 --clear-groups touch /usr/local/shop
#: shell.sudo-missing with bash
PATH=/nowhere /bin/bash -c 'sudo true'
#: shell.read-only with bwrap
bwrap --ro-bind / / touch /etc/shop
