package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;

/** Only a cache needs Caffeine. */
class WithoutCaffeineTest {
    /**
     * Sees the class path of the tests without Caffeine, and loads the classes of the guard itself, so that they do
     * not see it, either.
     */
    private static final class Blind extends URLClassLoader {
        Blind() {
            super(
                    new URL[] {
                        SafetyGuard.class.getProtectionDomain().getCodeSource().getLocation()
                    },
                    SafetyGuard.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.github.benmanes.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("org.donotanswer.guard.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Test
    void build_withACache_namesTheArtifact() throws Exception {
        try (Blind blind = new Blind()) {
            Object builder = builder(blind);
            builder.getClass().getMethod("cache", long.class).invoke(builder, 10L);
            assertThatThrownBy(() -> builder.getClass().getMethod("build").invoke(builder))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a cache requires com.github.ben-manes.caffeine:caffeine, but it was not found (add the"
                            + " artifact and, to a modular application, \"requires com.github.benmanes.caffeine\")");
        }
    }

    @Test
    void check_withoutACache_works() throws Exception {
        try (Blind blind = new Blind()) {
            Object builder = builder(blind);
            Object guard = builder.getClass().getMethod("build").invoke(builder);
            Object verdict = guard.getClass()
                    .getMethod("check", String.class, String.class)
                    .invoke(guard, "What is the capital of France?", "Paris");
            assertThat(verdict.getClass().getMethod("released").invoke(verdict)).isEqualTo(true);
            assertThat(verdict.getClass()).isNotEqualTo(Verdict.class);
        }
    }

    private static Object builder(ClassLoader loader) throws Exception {
        Object builder = loader.loadClass(SafetyGuard.class.getName())
                .getMethod("builder")
                .invoke(null);
        builder.getClass().getMethod("evaluator", SafetyEvaluator.class).invoke(builder, SafetyEvaluator.create());
        return builder;
    }
}
