#: go.no-module-provides with go
go mod init -q example.com/shop 2>/dev/null || go mod init example.com/shop 2>/dev/null; printf 'package main\nimport _ "github.com/google/uuid"\nfunc main() {}\n' > main.go; GOFLAGS=-mod=readonly go build
#: go.not-in-std with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport _ "shop/cart"\nfunc main() {}\n' > main.go; GOFLAGS=-mod=readonly go build
#: go.no-go-mod with go
printf 'package main\nimport _ "github.com/google/uuid"\nfunc main() {}\n' > main.go; GOFLAGS= go build ./...
#: go.go-sum with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport _ "github.com/google/uuid"\nfunc main() {}\n' > main.go; printf 'require github.com/google/uuid v1.6.0\n' >> go.mod; GOFLAGS=-mod=readonly GOPROXY=off go build
#: go.updates-needed with go
go mod init example.com/shop 2>/dev/null; mkdir cart other; printf 'module example.com/cart\ngo 1.19\nrequire example.com/other v0.0.0\n' > cart/go.mod; printf 'module example.com/other\ngo 1.19\n' > other/go.mod; printf 'package other\n' > other/o.go; printf 'package cart\nimport _ "example.com/other"\n' > cart/cart.go; printf 'package main\nimport _ "example.com/cart"\nfunc main() {}\n' > main.go; printf 'require example.com/cart v0.0.0\nreplace example.com/cart => ./cart\nreplace example.com/other => ./other\n' >> go.mod; GOFLAGS=-mod=readonly GOPROXY=off go build
#: go.undefined with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { totl() }\n' > main.go; go build
#: go.unused-variable with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { a := 1 }\n' > main.go; go build
#: go.unused-import with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport "os"\nfunc main() {}\n' > main.go; go build
#: go.cannot-use with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { var a int = "2"; _ = a }\n' > main.go; go build
#: go.not-implemented with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport "io"\ntype Cart struct{}\nfunc main() { var r io.Reader = Cart{}; _ = r }\n' > main.go; go build
#: go.no-field-or-method with go
go mod init example.com/shop 2>/dev/null; printf 'package main\ntype Cart struct{}\nfunc main() { Cart{}.Total() }\n' > main.go; go build
#: go.argument-count with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc ship(w int) {}\nfunc main() { ship(1, 2) }\n' > main.go; go build
#: go.missing-return with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc total() int { }\nfunc main() { total() }\n' > main.go; go build
#: go.import-cycle with go
go mod init example.com/shop 2>/dev/null; mkdir a b; printf 'package a\nimport _ "example.com/shop/b"\n' > a/a.go; printf 'package b\nimport _ "example.com/shop/a"\n' > b/b.go; go build ./...
#: go.syntax with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { if true \n{ } }\n' > main.go; go build
#: go.go-version with go
go mod init example.com/shop 2>/dev/null; sed -i 's/^go .*/go 1.22.0/' go.mod; printf 'package main\nfunc main() {}\n' > main.go; go build
#: go.nil-map with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { var m map[string]int; m["a"] = 1 }\n' > main.go; go run .
#: go.nil-pointer with go
go mod init example.com/shop 2>/dev/null; printf 'package main\ntype Cart struct{ n int }\nfunc main() { var c *Cart; println(c.n) }\n' > main.go; go run .
#: go.index with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { a := []int{}; i := 1; println(a[i]) }\n' > main.go; go run .
#: go.deadlock with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nfunc main() { c := make(chan int); <-c }\n' > main.go; go run .
#: go.test-timeout with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport ("testing"; "time")\nfunc TestWait(t *testing.T) { time.Sleep(time.Minute) }\n' > main_test.go; go test -timeout 1s ./... 2>&1
#: go.vet with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport "fmt"\nfunc main() { fmt.Printf("%%d\\n", "a") }\n' > main.go; go vet ./...
#: go.build-constraints with go
go mod init example.com/shop 2>/dev/null; printf '//go:build windows\n\npackage main\nfunc main() {}\n' > main.go; go build
#: go.data-race with go
go mod init example.com/shop 2>/dev/null; printf 'package main\nimport "sync"\nfunc main() { n := 0; var w sync.WaitGroup; for i := 0; i < 9; i++ { w.Add(1); go func() { n++; w.Done() }() }; w.Wait(); println(n) }\n' > main.go; go run -race . 2>&1
#: go.proxy with go
go mod init example.com/shop 2>/dev/null; GOPROXY=http://127.0.0.1:9 go get github.com/google/uuid
#: go.no-such-tool with go
go tool covdata
