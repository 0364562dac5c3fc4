package org.donotanswer.bench.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers, the allowed dependencies and the naming rules of docs/architecture.md, over the main code of all modules. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ArchitectureTest::isMainCode)
            .importPackages("org.donotanswer");

    /** Types that applications, frameworks, service loaders or the Java launcher use, and no other package here does. */
    private static final Set<String> ENTRY_POINTS = Set.of(
            "org.donotanswer.bench.cli.Dna",
            "org.donotanswer.classifier.chat.LangChain4jChatModel",
            "org.donotanswer.classifier.chat.SpringAiChatModel",
            "org.donotanswer.classifier.embedded.EmbeddedEvaluatorProvider",
            "org.donotanswer.classifier.finetune.EncoderArtifact",
            "org.donotanswer.classifier.hub.HubException",
            "org.donotanswer.classifier.transformer.TransformerEvaluatorProvider",
            "org.donotanswer.dataset.ChecksumMismatchException",
            "org.donotanswer.dataset.DatasetFormatException",
            "org.donotanswer.dataset.DoNotAnswerDownload",
            "org.donotanswer.dataset.ExampleSet",
            "org.donotanswer.dataset.split.ExampleSplits",
            "org.donotanswer.dataset.split.NearDuplicateIndex",
            "org.donotanswer.classifier.transformer.TokenizationException",
            "org.donotanswer.encoder.CascadeEvaluatorProvider",
            "org.donotanswer.encoder.EncoderEvaluator",
            "org.donotanswer.encoder.EncoderEvaluatorProvider",
            "org.donotanswer.encoder.EncoderModel",
            "org.donotanswer.guard.langchain4j.GuardedChatModel",
            "org.donotanswer.guard.langchain4j.GuardedStreamingChatModel",
            "org.donotanswer.guard.langchain4j.SafetyGuardrailExecutorFactory",
            "org.donotanswer.guard.langchain4j.SafetyInputGuardrail",
            "org.donotanswer.guard.langchain4j.SafetyModerationModel",
            "org.donotanswer.guard.langchain4j.SafetyOutputGuardrail",
            "org.donotanswer.guard.micrometer.DefaultGuardObservationConvention",
            "org.donotanswer.guard.micrometer.GuardObservation",
            "org.donotanswer.guard.micrometer.GuardObservations",
            "org.donotanswer.guard.springai.SafetyResponseEvaluator",
            "org.donotanswer.guard.springboot.GuardProperties",
            "org.donotanswer.guard.springboot.SafetyGuardAutoConfiguration",
            "org.donotanswer.taxonomy.Crosswalk");

    private static boolean isMainCode(Location location) {
        return !location.contains("-tests.jar") && !location.contains("/test/") && !location.contains("jmh_generated");
    }

    @Test
    void modules_allModules_areImported() {
        assertThat(CLASSES.stream()
                        .map(type -> type.getPackageName().replaceAll("^(org\\.donotanswer\\.\\w+).*", "$1"))
                        .collect(toSet()))
                .containsExactlyInAnyOrder(
                        "org.donotanswer.taxonomy",
                        "org.donotanswer.evaluate",
                        "org.donotanswer.metrics",
                        "org.donotanswer.internal",
                        "org.donotanswer.dataset",
                        "org.donotanswer.classifier",
                        "org.donotanswer.encoder",
                        "org.donotanswer.guard",
                        "org.donotanswer.harness",
                        "org.donotanswer.bench");
    }

    @Test
    void modules_dependOnlyOnWhatTheMapAllows() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("core")
                .definedBy(
                        "org.donotanswer.taxonomy..",
                        "org.donotanswer.evaluate..",
                        "org.donotanswer.metrics..",
                        "org.donotanswer.internal..")
                .layer("dataset")
                .definedBy("org.donotanswer.dataset..")
                .layer("classifier")
                .definedBy("org.donotanswer.classifier..")
                .layer("encoder")
                .definedBy("org.donotanswer.encoder..")
                .layer("guardrails")
                .definedBy("org.donotanswer.guard..")
                .layer("harness")
                .definedBy("org.donotanswer.harness..")
                .layer("bench")
                .definedBy("org.donotanswer.bench..")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("harness")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("guardrails")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("encoder")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("classifier")
                .mayOnlyBeAccessedByLayers("encoder", "harness", "bench")
                .whereLayer("dataset")
                .mayOnlyBeAccessedByLayers("harness", "bench")
                .whereLayer("core")
                .mayOnlyBeAccessedByLayers("dataset", "classifier", "encoder", "guardrails", "harness", "bench")
                .check(CLASSES);
    }

    @Test
    void core_dependsOnNothingButJacksonAnnotations() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.donotanswer.taxonomy..",
                        "org.donotanswer.evaluate..",
                        "org.donotanswer.metrics..",
                        "org.donotanswer.internal..")
                .should()
                .dependOnClassesThat(describe(
                        "are neither of the JDK, of this module nor Jackson's annotations",
                        type -> !resideInAnyPackage(
                                                "java..",
                                                "org.donotanswer..",
                                                "com.fasterxml.jackson.annotation..",
                                                "org.jspecify..")
                                        .test(type.getBaseComponentType())
                                && !type.getBaseComponentType().isPrimitive()))
                .check(CLASSES);
    }

    @Test
    void embeddedModel_doesNotDependOnItsTraining() {
        noClasses()
                .that()
                .resideInAPackage("org.donotanswer.classifier.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.donotanswer.classifier.embedded.training..")
                .check(CLASSES);
    }

    @Test
    void embeddedModel_usesNoLibraryButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("org.donotanswer.classifier.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..", "com.google..", "dev.langchain4j..", "org.springframework..")
                .check(CLASSES);
    }

    @Test
    void guardPackages_pointFromStreamToGuardToPolicy() {
        noClasses()
                .that()
                .resideInAPackage("org.donotanswer.guard")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.donotanswer.guard.stream..", "org.donotanswer.guard.tune..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("org.donotanswer.guard.policy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.donotanswer.guard", "org.donotanswer.guard.stream..")
                .check(CLASSES);
    }

    @Test
    void guava_isUsedInDatasetHarnessAndBenchOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.donotanswer.dataset..", "org.donotanswer.harness..", "org.donotanswer.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.common..")
                .check(CLASSES);
    }

    @Test
    void harness_needsNoCommandLineNoBenchmarkAndNoNativeLibrary() {
        noClasses()
                .that()
                .resideInAPackage("org.donotanswer.harness..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.openjdk.jmh..", "ai.onnxruntime..", "picocli..", "me.tongfei..", "ai.djl..")
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("org.donotanswer.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Nested types count where others see them; a builder is named by the type around it. */
    @Test
    void simpleNames_areUnique() {
        Map<String, Set<String>> byName = CLASSES.stream()
                .filter(type -> !type.isAnonymousClass() && !type.isLocalClass())
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(type -> type.isTopLevelClass() || type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getSimpleName().equals("Builder"))
                .collect(groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        mapping(JavaClass::getName, toCollection(TreeSet::new))));
        byName.values().removeIf(names -> names.size() == 1);

        assertThat(byName).isEmpty();
    }

    /** A public type must be used by another package, belong to the signature of one that is, or be an entry point. */
    @Test
    void publicTypes_areReachableFromOutsideTheirPackage() {
        Set<JavaClass> publicTypes = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(toSet());
        Set<JavaClass> reachable = new HashSet<>();
        Deque<JavaClass> pending = new ArrayDeque<>();
        for (JavaClass type : publicTypes) {
            if (isUsedByAnotherPackage(type) || ENTRY_POINTS.contains(type.getName()) || isJmhBenchmark(type)) {
                pending.add(type);
            }
        }
        while (!pending.isEmpty()) {
            JavaClass type = pending.remove();
            if (reachable.add(type)) {
                pending.addAll(signatureTypes(type));
            }
        }

        assertThat(publicTypes.stream()
                        .filter(type -> !reachable.contains(type))
                        .map(JavaClass::getName))
                .isEmpty();
        assertThat(CLASSES.stream().map(JavaClass::getName)).containsAll(ENTRY_POINTS);
    }

    /** JMH generates subclasses of its benchmarks, which must be public. */
    private static boolean isJmhBenchmark(JavaClass type) {
        return type.getPackageName().equals("org.donotanswer.bench.jmh")
                && type.getMethods().stream()
                        .anyMatch(method -> method.isAnnotatedWith("org.openjdk.jmh.annotations.Benchmark"));
    }

    private static boolean isUsedByAnotherPackage(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .anyMatch(dependency ->
                        !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
    }

    /** Returns the top-level types in the public signatures of a type and of its public nested types. */
    private static Set<JavaClass> signatureTypes(JavaClass type) {
        Stream<JavaType> own = Stream.of(
                        Stream.of((JavaType) type),
                        type.getSuperclass().stream(),
                        type.getInterfaces().stream(),
                        type.getCodeUnits().stream()
                                .filter(unit -> isVisible(unit.getModifiers()))
                                .flatMap(unit -> Stream.of(
                                                Stream.of(unit.getReturnType()),
                                                unit.getParameterTypes().stream(),
                                                unit.getExceptionTypes().stream()
                                                        .map(JavaType.class::cast))
                                        .flatMap(types -> types)),
                        type.getFields().stream()
                                .filter(field -> isVisible(field.getModifiers()))
                                .map(JavaField::getType))
                .flatMap(types -> types);
        Stream<JavaClass> nested = CLASSES.stream()
                .filter(other -> other.getEnclosingClass().filter(type::equals).isPresent())
                .filter(other -> other.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(other -> signatureTypes(other).stream());
        return Stream.concat(own.flatMap(each -> each.getAllInvolvedRawTypes().stream()), nested)
                .map(ArchitectureTest::topLevel)
                .filter(each -> CLASSES.contain(each.getName()))
                .collect(toSet());
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(type);
    }
}
