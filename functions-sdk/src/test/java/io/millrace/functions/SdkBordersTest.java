package io.millrace.functions;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;

final class SdkBordersTest {
    @Test
    void shouldNeedNothingButTheJdkAtRunTime() throws IOException {
        // Given
        Path descriptor = Path.of("target", "classes", "module-info.class");

        // When
        ModuleDescriptor module;
        try (InputStream bytes = Files.newInputStream(descriptor)) {
            module = ModuleDescriptor.read(bytes);
        }

        // Then
        assertThat(module.requires())
                .filteredOn(needed -> !needed.modifiers().contains(Requires.Modifier.STATIC))
                .extracting(Requires::name)
                .containsExactly("java.base");
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder("io.millrace.functions", "io.millrace.functions.events");
    }

    @Test
    void shouldUseNoClassOfAnybodyElse() {
        // Given
        JavaClasses sdk =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.millrace.functions");

        // When, Then
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "io.millrace.functions..")
                .because("a function must not inherit a dependency from its SDK")
                .check(sdk);
    }
}
