package org.donotanswer.guard.langchain4j;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds and calls what newer releases of the framework have, but not the oldest, which this is compiled against. */
final class Newer {
    private Newer() {}

    /** Returns a public method, if the release at hand has it. */
    static Optional<Method> method(Class<?> owner, String name, Class<?>... parameters) {
        try {
            return Optional.of(owner.getMethod(name, parameters));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** Returns a class of the framework, if the release at hand has it. */
    static Optional<Class<?>> type(String name) {
        try {
            return Optional.of(Class.forName(name, true, Newer.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Calls a public method, and throws what it throws. */
    static @Nullable Object call(Method method, @Nullable Object target, @Nullable Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method.getName() + " must be accessible, but was not", e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(method.getName() + " must not throw checked exceptions, but did", e);
        }
    }

    /** Calls a public method without arguments by its name, of an object of a class that the oldest release does not have. */
    static @Nullable Object get(Object target, String name) {
        Method method = method(target.getClass(), name)
                .orElseThrow(() -> new IllegalStateException(
                        target.getClass().getName() + " must have a method " + name + ", but has none"));
        return call(method, target);
    }
}
