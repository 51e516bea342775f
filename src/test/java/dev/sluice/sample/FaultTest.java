package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class FaultTest {
  @Example
  void everyFormOfTheUsageIsRead() {
    assertThat(Fault.parse("slow=1.3")).isEqualTo(new Fault.Slow(1.3));
    assertThat(Fault.parse("invalid=0.03")).isEqualTo(new Fault.Invalid(0.03, 0));
    assertThat(Fault.parse("invalid=3%@user-after=500")).isEqualTo(new Fault.Invalid(0.03, 500));
    assertThat(Fault.parse("leak=8Mi/s")).isEqualTo(new Fault.Leak(8L << 20, 1L << 30));
    assertThat(Fault.parse("leak=512Ki/s@max=512Mi"))
        .isEqualTo(new Fault.Leak(512L << 10, 512L << 20));
    assertThat(Fault.parse("schema")).isEqualTo(new Fault.Schema());
    assertThat(Fault.parse("error=0.02")).isEqualTo(new Fault.Erring(0.02));
  }

  @Example
  void whatMakesNoSenseIsQuotedWithWhatWould() {
    Stream.of(
            "",
            "slow",
            "slow=",
            "slow=1",
            "slow=fast",
            "slow=NaN",
            "invalid=0",
            "invalid=1.5",
            "invalid=0.1@user-after=x",
            "invalid=0.1@max=1Gi",
            "leak=8Mi",
            "leak=8/s",
            "leak=8Mi/s@max=1Ki",
            "schema=1",
            "error=-1",
            "meltdown=1")
        .forEach(
            text ->
                assertThatThrownBy(() -> Fault.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".*must be.*was.*"));
  }

  @Property
  void whatMetricsStateIsReadBackAsTheSameFault(@ForAll("faults") Fault fault) {
    String stated =
        fault instanceof Fault.Schema ? fault.kind() : fault.kind() + "=" + fault.value();
    assertThat(Fault.parse(stated)).isEqualTo(fault);
  }

  @Property
  void anyTextIsAFaultOrARefusal(@ForAll String text) {
    try {
      assertThat(text).startsWith(Fault.parse(text).kind());
    } catch (IllegalArgumentException refusal) {
      assertThat(refusal).hasMessageContaining("must be");
    }
  }

  @Property
  void bytesAreWrittenAsTheyAreRead(@ForAll @LongRange(min = 1, max = 1 << 20) long kibibytes) {
    assertThat(Quantities.bytes(Quantities.bytesText(kibibytes << 10))).isEqualTo(kibibytes << 10);
  }

  @Provide
  Arbitrary<Fault> faults() {
    Arbitrary<Double> shares = Arbitraries.integers().between(1, 1000).map(i -> i / 1000.0);
    return Arbitraries.oneOf(
        Arbitraries.integers().between(101, 900).map(i -> new Fault.Slow(i / 100.0)),
        shares.map(Fault.Erring::new),
        shares.map(share -> new Fault.Invalid(share, Math.round(share * 5000))),
        Arbitraries.integers().between(1, 1024).map(m -> new Fault.Leak((long) m << 10, 1L << 29)),
        Arbitraries.just(new Fault.Schema()));
  }
}
