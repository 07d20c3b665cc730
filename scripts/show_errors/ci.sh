#: ci.no-init with systemctl
systemctl start shop 2>&1 | head -1
