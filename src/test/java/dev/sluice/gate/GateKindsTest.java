package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateKindsTest {
  /** The container finds them by themselves; who runs without one must not know fewer. */
  @Test
  void everyKindIsABeanAndIsShipped() {
    List<JavaClass> kinds =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.sluice.gate")
                .stream()
                .filter(type -> type.isAssignableTo(GateKind.class))
                .filter(type -> !type.isInterface())
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .toList();
    assertThat(kinds).isNotEmpty().allMatch(type -> type.isAnnotatedWith(Singleton.class));
    assertThat(GateKinds.shipped(Set.of()))
        .extracting(kind -> kind.getClass().getName())
        .containsExactlyInAnyOrderElementsOf(kinds.stream().map(JavaClass::getName).toList());
  }
}
