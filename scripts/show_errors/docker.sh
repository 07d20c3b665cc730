#: docker.no-daemon with docker
docker -H unix:///var/run/docker.sock ps
#: docker.no-dockerfile with docker
docker build . 2>&1 | tail -1
