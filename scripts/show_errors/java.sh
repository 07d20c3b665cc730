#: java.cannot-find-symbol with javac
printf 'class Cart { int total() { return itms; } }\n' > Cart.java; javac Cart.java
#: java.package-missing with javac
printf 'import com.google.common.collect.Lists;\nclass Cart { }\n' > Cart.java; javac Cart.java
#: java.incompatible-types with javac
printf 'class Cart { int total() { return "a"; } }\n' > Cart.java; javac Cart.java
#: java.unreported-exception with javac
printf 'class Cart { void load() { throw new java.io.IOException(); } }\n' > Cart.java; javac Cart.java
#: java.expected-token with javac
printf 'class Cart { int a = 1 }\n' > Cart.java; javac Cart.java
#: java.public-class-file with javac
printf 'public class Basket { }\n' > Cart.java; javac Cart.java
#: java.missing-return with javac
printf 'class Cart { int total() { } }\n' > Cart.java; javac Cart.java
#: java.not-abstract with javac
printf 'class Cart implements Runnable { }\n' > Cart.java; javac Cart.java
#: java.method-arguments with javac
printf 'class Cart { void ship(int w) { } void x() { ship("a", 2); } }\n' > Cart.java; javac Cart.java
#: java.not-initialized with javac
printf 'class Cart { int total() { int a; return a; } }\n' > Cart.java; javac Cart.java
#: java.release with javac
printf 'class Cart { }\n' > Cart.java; javac --release 99 Cart.java
#: java.end-of-file with javac
printf 'class Cart { void a() {\n' > Cart.java; javac Cart.java
#: java.unmappable with javac
printf 'class Cart { String a = "caf\351"; }\n' > Cart.java; javac -encoding UTF-8 Cart.java
#: java.class-version with java
printf 'class Cart { public static void main(String[] a) { } }\n' > Cart.java; javac Cart.java; printf '\105' | dd of=Cart.class bs=1 seek=7 conv=notrunc 2>/dev/null; java -cp . Cart
#: java.main-class with java
java -cp . com.example.shop.Main
#: java.no-class-def with java
printf 'class A { }\nclass Cart { public static void main(String[] a) { new A(); } }\n' > Cart.java; javac Cart.java; rm A.class; java -cp . Cart
#: java.no-such-method with java
printf 'class A { void ship() { } }\n' > A.java; printf 'class Cart { public static void main(String[] a) { new A().ship(); } }\n' > Cart.java; javac A.java Cart.java; printf 'class A { }\n' > A.java; javac A.java; java -cp . Cart
#: java.null-pointer with java
printf 'class Cart { static String name; public static void main(String[] a) { name.length(); } }\n' > Cart.java; javac Cart.java; java -cp . Cart
#: java.index with java
printf 'class Cart { public static void main(String[] a) { System.out.println(a[2]); } }\n' > Cart.java; javac Cart.java; java -cp . Cart
#: java.class-cast with java
printf 'class Cart { public static void main(String[] a) { Object o = "a"; Integer i = (Integer) o; } }\n' > Cart.java; javac Cart.java; java -cp . Cart
#: java.heap with java
printf 'class Cart { public static void main(String[] a) { long[] x = new long[1 << 28]; } }\n' > Cart.java; javac Cart.java; java -Xmx16m -cp . Cart
#: java.stack-overflow with java
printf 'class Cart { static int f(int n) { return f(n) + 1; } public static void main(String[] a) { f(1); } }\n' > Cart.java; javac Cart.java; java -cp . Cart 2>&1 | head -4
#: java.vm-option with java
java -XX:+UseShopGC -version
#: java.module-access with java
printf 'class Cart { public static void main(String[] a) throws Exception { var f = String.class.getDeclaredField("value"); f.setAccessible(true); } }\n' > Cart.java; javac Cart.java; java -cp . Cart
#: java.gradle-wrapper-missing with java
java -cp gradle/wrapper/gradle-wrapper.jar org.gradle.wrapper.GradleWrapperMain build
#: java.maven-no-pom with mvn
mvn -B -o compile
#: java.maven-pom-malformed with mvn
printf '<project><modelVersion>4.0.0</modelVersion>\n<groupId>com.example<groupId>\n</project>\n' > pom.xml; mvn -B -o compile
#: java.maven-version-missing with mvn
printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version><dependencies><dependency><groupId>com.example</groupId><artifactId>cart</artifactId></dependency></dependencies></project>\n' > pom.xml; mvn -B -o compile
#: java.maven-dependency with mvn
printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version><dependencies><dependency><groupId>com.example</groupId><artifactId>cart</artifactId><version>1</version></dependency></dependencies></project>\n' > pom.xml; mvn -B -o -q dependency:tree compile
#: java.maven-plugin with mvn
printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version></project>\n' > pom.xml; mvn -B -o com.example:shop-maven-plugin:1:run
#: java.maven-phase with mvn
printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version></project>\n' > pom.xml; mvn -B -o compil
#: java.maven-parent with mvn
printf '<project><modelVersion>4.0.0</modelVersion><parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1</version></parent><artifactId>shop</artifactId></project>\n' > pom.xml; mvn -B -o compile
#: java.maven-module with mvn
printf '<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>shop</artifactId><version>1</version></project>\n' > pom.xml; mvn -B -o -pl cart compile
