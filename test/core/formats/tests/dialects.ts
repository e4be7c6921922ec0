/** One report of each dialect, as its tool lays it out: two cases pass and one fails, unless a comment says otherwise. */
export const dialects: Readonly<
  Record<string, { text: string; failed: string; at: string | null }>
> = {
  "Maven Surefire": {
    failed: "shop.CartTest.removes",
    at: null,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" name="shop.CartTest" time="0.1" tests="3" errors="0" skipped="0" failures="1">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="adds" classname="shop.CartTest" time="0.01"/>
  <testcase name="counts" classname="shop.CartTest" time="0.01"><system-out><![CDATA[<failure>no</failure>]]></system-out></testcase>
  <testcase name="removes" classname="shop.CartTest" time="0.02">
    <failure message="expected: &lt;0&gt; but was: &lt;1&gt;" type="org.opentest4j.AssertionFailedError"><![CDATA[at shop.CartTest.removes(CartTest.java:21)]]></failure>
  </testcase>
</testsuite>`,
  },
  Gradle: {
    failed: "shop.CartTest.removes()",
    at: null,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="shop.CartTest" tests="3" skipped="0" failures="1" errors="0" timestamp="2026-03-02T10:00:00" hostname="runner" time="0.05">
  <properties/>
  <testcase name="adds()" classname="shop.CartTest" time="0.01"/>
  <testcase name="counts()" classname="shop.CartTest" time="0.01"/>
  <testcase name="removes()" classname="shop.CartTest" time="0.01"><failure message="no" type="java.lang.AssertionError">at shop.CartTest.removes(CartTest.java:9)</failure></testcase>
  <system-out><![CDATA[]]></system-out><system-err><![CDATA[]]></system-err>
</testsuite>`,
  },
  pytest: {
    failed: "tests.test_cart.test_removes",
    at: "tests/test_cart.py:12",
    text: `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="0" tests="3" time="0.06" hostname="runner"><testcase classname="tests.test_cart" name="test_adds" time="0.001" /><testcase classname="tests.test_cart" name="test_counts[1-2]" time="0.001" /><testcase classname="tests.test_cart" name="test_removes" time="0.002"><failure message="AssertionError: assert 1 == 0">def test_removes():
&gt;       assert size() == 0
E       assert 1 == 0

tests/test_cart.py:12: AssertionError</failure></testcase></testsuite></testsuites>`,
  },
  Jest: {
    failed: "cart removes",
    at: "src/cart.test.ts:9",
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="3" failures="1" errors="0" time="0.8">
  <testsuite name="cart" errors="0" failures="1" skipped="0" timestamp="2026-03-02T10:00:00" time="0.4" tests="3" file="src/cart.test.ts">
    <testcase classname="cart adds" name="cart adds" time="0.002" file="src/cart.test.ts"></testcase>
    <testcase classname="cart counts" name="cart counts" time="0.002" file="src/cart.test.ts"></testcase>
    <testcase classname="cart removes" name="cart removes" time="0.003" file="src/cart.test.ts">
      <failure>Error: expect(received).toBe(expected)
    at Object.&lt;anonymous&gt; (/home/runner/work/shop/shop/node_modules/expect/build/index.js:3:9)
    at Object.toBe (/home/runner/work/shop/shop/src/cart.test.ts:9:20)</failure>
    </testcase>
  </testsuite>
</testsuites>`,
  },
  vitest: {
    failed: "test/cart.test.ts.cart > removes",
    at: "test/cart.test.ts:7",
    text: `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="3" failures="1" errors="0" time="0.2">
  <testsuite name="test/cart.test.ts" timestamp="2026-03-02T10:00:00.000Z" hostname="runner" tests="3" failures="1" errors="0" skipped="0" time="0.01">
    <testcase classname="test/cart.test.ts" name="cart &gt; adds" time="0.001"></testcase>
    <testcase classname="test/cart.test.ts" name="cart &gt; counts" time="0.001"></testcase>
    <testcase classname="test/cart.test.ts" name="cart &gt; removes" time="0.002">
      <failure message="expected 1 to be +0" type="AssertionError">AssertionError: expected 1 to be +0
 ❯ test/cart.test.ts:7:22</failure>
    </testcase>
  </testsuite>
</testsuites>`,
  },
  "go-junit-report": {
    failed: "example.com/shop/cart.TestRemoves",
    at: null,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1">
	<testsuite name="example.com/shop/cart" tests="3" failures="1" errors="0" id="0" hostname="runner" time="0.01">
		<testcase name="TestAdds" classname="example.com/shop/cart" time="0.000"></testcase>
		<testcase name="TestCounts" classname="example.com/shop/cart" time="0.000"></testcase>
		<testcase name="TestRemoves" classname="example.com/shop/cart" time="0.000"><failure message="Failed"><![CDATA[    cart_test.go:14: want 0]]></failure></testcase>
	</testsuite>
</testsuites>`,
  },
  gotestsum: {
    failed: "example.com/shop/cart.TestRemoves",
    at: null,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" time="0.1">
	<testsuite tests="3" failures="1" time="0.01" name="example.com/shop/cart" timestamp="2026-03-02T10:00:00Z">
		<properties><property name="go.version" value="go1.25"></property></properties>
		<testcase classname="example.com/shop/cart" name="TestAdds" time="0.0"></testcase>
		<testcase classname="example.com/shop/cart" name="TestCounts" time="0.0"></testcase>
		<testcase classname="example.com/shop/cart" name="TestRemoves" time="0.0"><failure message="Failed" type="">=== RUN TestRemoves</failure></testcase>
	</testsuite>
</testsuites>`,
  },
  ".NET trx-to-junit": {
    failed: "Shop.Tests.CartTests.Removes",
    at: "tests/CartTests.cs:31",
    text: `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testsuite name="MSTestSuite" tests="3" errors="0" failures="1" skipped="0" time="0.5" hostname="runner" id="0">
    <testcase name="Adds" classname="Shop.Tests.CartTests" time="0.1" />
    <testcase name="Counts" classname="Shop.Tests.CartTests" time="0.1" />
    <testcase name="Removes" classname="Shop.Tests.CartTests" time="0.1"><failure type="not specified" message="Assert.Equal() Failure">at Shop.Tests.CartTests.Removes() in D:\\a\\shop\\shop\\tests\\CartTests.cs:line 31</failure></testcase>
    <system-out/><system-err/>
  </testsuite>
</testsuites>`,
  },
  PHPUnit: {
    failed: "Shop.Tests.CartTest.testRemoves",
    at: "tests/CartTest.php:22",
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="/home/runner/work/shop/shop/phpunit.xml" tests="3" assertions="3" errors="0" failures="1" skipped="0" time="0.01">
    <testsuite name="Shop\\Tests\\CartTest" file="/home/runner/work/shop/shop/tests/CartTest.php" tests="3" assertions="3" errors="0" failures="1" skipped="0" time="0.01">
      <testcase name="testAdds" file="/home/runner/work/shop/shop/tests/CartTest.php" line="8" class="Shop\\Tests\\CartTest" classname="Shop.Tests.CartTest" assertions="1" time="0.002"/>
      <testcase name="testCounts" file="/home/runner/work/shop/shop/tests/CartTest.php" line="13" class="Shop\\Tests\\CartTest" classname="Shop.Tests.CartTest" assertions="1" time="0.002"/>
      <testcase name="testRemoves" file="/home/runner/work/shop/shop/tests/CartTest.php" line="18" class="Shop\\Tests\\CartTest" classname="Shop.Tests.CartTest" assertions="1" time="0.002"><failure type="PHPUnit\\Framework\\ExpectationFailedException">Failed asserting that 1 is identical to 0.

/home/runner/work/shop/shop/tests/CartTest.php:22</failure></testcase>
    </testsuite>
  </testsuite>
</testsuites>`,
  },
  RSpec: {
    failed: "spec.cart_spec.Cart removes",
    at: "spec/cart_spec.rb:14",
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="rspec" tests="3" skipped="0" failures="1" errors="0" time="0.01" timestamp="2026-03-02T10:00:00+00:00" hostname="runner">
<properties><property name="seed" value="1"/></properties>
<testcase classname="spec.cart_spec" name="Cart adds" file="./spec/cart_spec.rb" time="0.001"></testcase>
<testcase classname="spec.cart_spec" name="Cart counts" file="./spec/cart_spec.rb" time="0.001"></testcase>
<testcase classname="spec.cart_spec" name="Cart removes" file="./spec/cart_spec.rb" time="0.002"><failure message="expected: 0" type="RSpec::Expectations::ExpectationNotMetError">Failure/Error: expect(size).to eq(0)
./spec/cart_spec.rb:14:in 'block (2 levels) in &lt;top (required)&gt;'</failure></testcase>
</testsuite>`,
  },
  Playwright: {
    failed: "cart.spec.ts.cart › removes",
    at: "e2e/cart.spec.ts:11",
    text: `<testsuites id="" name="" tests="3" failures="1" skipped="0" errors="0" time="1.2">
<testsuite name="cart.spec.ts" timestamp="2026-03-02T10:00:00.000Z" hostname="chromium" tests="3" failures="1" skipped="0" time="1.1" errors="0">
<testcase name="cart › adds" classname="cart.spec.ts" time="0.3"></testcase>
<testcase name="cart › counts" classname="cart.spec.ts" time="0.3"></testcase>
<testcase name="cart › removes" classname="cart.spec.ts" time="0.4">
<failure message="cart.spec.ts:9:5 removes" type="FAILURE"><![CDATA[  [chromium] › cart.spec.ts:9:5 › cart › removes
    at /home/runner/work/shop/shop/e2e/cart.spec.ts:11:30]]></failure>
</testcase>
</testsuite>
</testsuites>`,
  },
  Cypress: {
    failed: "removes.cart removes",
    at: "cypress/e2e/cart.cy.js:6",
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Mocha Tests" time="1.5" tests="3" failures="1">
  <testsuite name="Root Suite" timestamp="2026-03-02T10:00:00" tests="0" file="cypress/e2e/cart.cy.js" time="0.0" failures="0">
  </testsuite>
  <testsuite name="cart" timestamp="2026-03-02T10:00:00" tests="3" time="1.4" failures="1">
    <testcase name="cart adds" time="0.4" classname="adds"></testcase>
    <testcase name="cart counts" time="0.4" classname="counts"></testcase>
    <testcase name="cart removes" time="0.5" classname="removes">
      <failure message="Timed out retrying" type="AssertionError"><![CDATA[AssertionError: Timed out retrying
    at Context.eval (webpack:///./cypress/e2e/cart.cy.js:6:11)]]></failure>
    </testcase>
  </testsuite>
</testsuites>`,
  },
};
