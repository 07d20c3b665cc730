#: rust.crate-not-declared with cargo
cargo init -q --vcs none --name shop; echo 'fn main() { let _ = serde_json::to_string(&1); }' > src/main.rs; cargo build --offline
#: rust.unresolved-import with cargo
cargo init -q --vcs none --name shop; echo 'use std::collections::HashMapp; fn main() {}' > src/main.rs; cargo build --offline
#: rust.name-not-found with cargo
cargo init -q --vcs none --name shop; echo 'fn total() {} fn main() { totl(); }' > src/main.rs; cargo build --offline
#: rust.type-not-found with cargo
cargo init -q --vcs none --name shop; echo 'fn ship(_: Parcel) {} fn main() {}' > src/main.rs; cargo build --offline
#: rust.mismatched-types with cargo
cargo init -q --vcs none --name shop; echo 'fn main() { let _x: u32 = "2"; }' > src/main.rs; cargo build --offline
#: rust.moved with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a = String::new();\n    let _b = a;\n    println!("{a}");\n}\n' > src/main.rs; cargo build --offline
#: rust.borrowed-mutably with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let mut a = vec![1];\n    let b = &a[0];\n    a.push(2);\n    println!("{b}");\n}\n' > src/main.rs; cargo build --offline
#: rust.not-long-enough with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let r;\n    { let x = 1; r = &x; }\n    println!("{r}");\n}\n' > src/main.rs; cargo build --offline
#: rust.not-mutable with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a = vec![1];\n    a.push(2);\n}\n' > src/main.rs; cargo build --offline
#: rust.no-method with cargo
cargo init -q --vcs none --name shop; printf 'struct Cart;\nfn main() {\n    Cart.total();\n}\n' > src/main.rs; cargo build --offline
#: rust.trait-bound with cargo
cargo init -q --vcs none --name shop; printf '#[derive(Debug)]\nstruct Cart;\nfn main() {\n    let _ = Cart.clone_me();\n}\ntrait C { fn clone_me(&self) -> u8 where Self: Clone { 1 } }\nimpl C for Cart {}\nfn need<T: Clone>(_: T) {}\nfn f() { need(Cart); }\n' > src/main.rs; sed -i '/clone_me();/d' src/main.rs; cargo build --offline
#: rust.argument-count with cargo
cargo init -q --vcs none --name shop; printf 'fn ship(_w: u8) {}\nfn main() {\n    ship(1, 2);\n}\n' > src/main.rs; cargo build --offline
#: rust.lifetime with cargo
cargo init -q --vcs none --name shop; printf 'struct Cart { name: &str }\nfn main() {}\n' > src/main.rs; cargo build --offline
#: rust.not-exhaustive with cargo
cargo init -q --vcs none --name shop; printf 'enum Size { Small, Big }\nfn main() {\n    match Size::Big { Size::Small => {} }\n}\n' > src/main.rs; cargo build --offline
#: rust.missing-field with cargo
cargo init -q --vcs none --name shop; printf 'struct Cart { items: u8, price: u8 }\nfn main() {\n    let _ = Cart { items: 1 };\n}\n' > src/main.rs; cargo build --offline
#: rust.no-field with cargo
cargo init -q --vcs none --name shop; printf 'struct Cart { items: u8 }\nfn main() {\n    let c = Cart { items: 1 };\n    println!("{}", c.itms);\n}\n' > src/main.rs; cargo build --offline
#: rust.private with cargo
cargo init -q --vcs none --name shop; printf 'mod cart { fn total() {} }\nfn main() {\n    cart::total();\n}\n' > src/main.rs; cargo build --offline
#: rust.module-file with cargo
cargo init -q --vcs none --name shop; printf 'mod cart;\nfn main() {}\n' > src/main.rs; cargo build --offline
#: rust.trait-items with cargo
cargo init -q --vcs none --name shop; printf 'trait Price { fn price(&self); }\nstruct Cart;\nimpl Price for Cart {}\nfn main() {}\n' > src/main.rs; cargo build --offline
#: rust.nightly-feature with cargo
cargo init -q --vcs none --name shop; printf '#![feature(test)]\nfn main() {}\n' > src/main.rs; cargo build --offline
#: rust.macro-not-found with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    prinln!("a");\n}\n' > src/main.rs; cargo build --offline
#: rust.syntax with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a = 1\n    let b = 2;\n}\n' > src/main.rs; cargo build --offline
#: rust.warnings-denied with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a = 1;\n}\n' > src/main.rs; RUSTFLAGS='-D warnings' cargo build --offline
#: rust.target-not-installed with cargo
cargo init -q --vcs none --name shop; cargo build --offline --target wasm32-unknown-unknown
#: rust.no-manifest with cargo
cargo build
#: rust.manifest with cargo
printf '[package]\nname = "shop"\nversion = 1\n' > Cargo.toml; mkdir src; touch src/lib.rs; cargo build --offline
#: rust.lock-outdated with cargo
cargo init -q --vcs none --name shop; cargo build -q --offline; mkdir -p cart/src; touch cart/src/lib.rs; printf '[package]\nname = "cart"\nversion = "1.0.0"\n' > cart/Cargo.toml; printf 'cart = { path = "cart" }\n' >> Cargo.toml; cargo build --offline --locked
#: rust.no-such-command with cargo
cargo shopcheck
#: rust.rust-version with cargo
cargo init -q --vcs none --name shop; sed -i 's/^edition.*/&\nrust-version = "1.999"/' Cargo.toml; cargo build --offline
#: rust.no-feature with cargo
cargo init -q --vcs none --name shop; cargo build --offline --features fast
#: rust.no-such-package with cargo
cargo init -q --vcs none --name shop; printf 'cart = { path = "../cart" }\n' >> Cargo.toml; cargo build --offline
#: rust.no-package-found with cargo
cargo init -q --vcs none --name shop; printf 'serde = "1"\n' >> Cargo.toml; cargo build --offline
#: rust.linker with cargo
cargo init -q --vcs none --name shop; RUSTFLAGS='-C linker=shop-cc' cargo build --offline
#: rust.link-library with cargo
cargo init -q --vcs none --name shop; printf '#[link(name = "shopdb")]\nextern "C" { fn f(); }\nfn main() { unsafe { f() } }\n' > src/main.rs; sed -i 's/^edition.*/edition = "2021"/' Cargo.toml; cargo build --offline
#: rust.unwrap-none with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a: Option<u8> = None;\n    a.unwrap();\n}\n' > src/main.rs; cargo run -q --offline
#: rust.unwrap-err with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    "a".parse::<u8>().unwrap();\n}\n' > src/main.rs; cargo run -q --offline
#: rust.index with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a = vec![1];\n    let i = a.len();\n    println!("{}", a[i]);\n}\n' > src/main.rs; cargo run -q --offline
#: rust.overflow with cargo
cargo init -q --vcs none --name shop; printf 'fn main() {\n    let a: u8 = std::env::args().count() as u8;\n    println!("{}", a - 2);\n}\n' > src/main.rs; cargo run -q --offline
#: rust.assertion with cargo
cargo init -q --vcs none --lib --name shop; printf '#[test]\nfn total() {\n    assert_eq!(1 + 1, 3);\n}\n' > src/lib.rs; cargo test -q --offline
#: rust.format with cargo
cargo init -q --vcs none --name shop; echo 'fn main(){}' > src/main.rs; cargo fmt --check
#: rust.toolchain-missing with cargo
RUSTUP_DIST_SERVER=http://127.0.0.1:9 cargo +1.70.0 --version
#: rust.component-missing with cargo
cargo +stable miri --version 2>&1
#: rust.no-version with cargo
cargo init -q --vcs none --name shop; mkdir -p cart/src; touch cart/src/lib.rs; printf '[package]\nname = "cart"\nversion = "1.0.0"\n' > cart/Cargo.toml; printf 'cart = { path = "cart", version = "2.0" }\n' >> Cargo.toml; cargo build --offline
