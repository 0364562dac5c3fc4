package org.donotanswer.spark;

import java.io.Serializable;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.List$;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Gives every session the function of {@link SafetyFunctions}: {@code --conf
 * spark.sql.extensions=org.donotanswer.spark.DnaSparkExtensions}. The evaluator is that of {@value #EVALUATOR_KEY} when a query
 * is analysed, {@code embedded} by default. Stateless, hence thread-safe.
 */
public final class DnaSparkExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** The key of the session's configuration that names the evaluator, as {@link SparkEvaluationOptions#evaluator()} does. */
    public static final String EVALUATOR_KEY = "spark.donotanswer.evaluator";

    /** Creates the extensions; Spark does so by reflection. */
    public DnaSparkExtensions() {}

    /** Adds the function. */
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectFunction(new Tuple3<>(
                FunctionIdentifier.apply(SafetyFunctions.NAME),
                new ExpressionInfo(
                        AssessFunction.class.getName(),
                        null,
                        SafetyFunctions.NAME,
                        "_FUNC_(instruction, response) - Returns how safe the response is, as a struct.",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "java_udf"),
                new AssessExpression()));
        return BoxedUnit.UNIT;
    }

    /** Makes a call of the function an expression. */
    private static final class AssessExpression extends AbstractFunction1<Seq<Expression>, Expression> {
        @Override
        public Expression apply(Seq<Expression> arguments) {
            if (arguments.size() != 2) {
                throw new IllegalArgumentException(SafetyFunctions.NAME
                        + " must have 2 arguments, instruction and response, but had " + arguments.size());
            }
            requireText("instruction", arguments.apply(0).dataType());
            requireText("response", arguments.apply(1).dataType());
            String evaluator = SQLConf.get().getConfString(EVALUATOR_KEY, SparkEvaluationOptions.DEFAULT_EVALUATOR);
            EvaluatorSource.check(evaluator);
            FailFast.watch();
            return new ScalaUDF(
                    new AssessCall(new AssessFunction(evaluator)),
                    AssessmentRows.TYPE,
                    arguments,
                    List$.MODULE$.<Option<ExpressionEncoder<?>>>empty(),
                    Option.empty(),
                    Option.apply(SafetyFunctions.NAME),
                    true,
                    true);
        }

        private static void requireText(String name, DataType type) {
            if (!(type instanceof StringType) && !(type instanceof NullType)) {
                throw new IllegalArgumentException(name + " of " + SafetyFunctions.NAME
                        + " must be of type string, but was of type " + type.simpleString());
            }
        }
    }

    /** The function as Scala sees it. */
    private static final class AssessCall extends AbstractFunction2<@Nullable Object, @Nullable Object, Object>
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private final AssessFunction function;

        AssessCall(AssessFunction function) {
            this.function = function;
        }

        @Override
        public Object apply(@Nullable Object instruction, @Nullable Object response) {
            return function.call(instruction, response);
        }
    }
}
