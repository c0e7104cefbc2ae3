using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Api;

/// <summary>Refusals as problem documents: the one place where they become HTTP.</summary>
internal static class FailureResults
{
    extension(Failure failure)
    {
        public int StatusCode => failure switch
        {
            NotFoundFailure => StatusCodes.Status404NotFound,
            ForbiddenFailure => StatusCodes.Status403Forbidden,
            ConflictFailure => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        };

        public ProblemHttpResult ToProblem() => TypedResults.Problem(
            failure.Message,
            statusCode: failure.StatusCode,
            title: Refusals.Title(failure.StatusCode),
            type: "about:blank",
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["code"] = failure.GetType().Name,
                ["field"] = (failure as InvalidFailure)?.Field,
            }.Where(pair => pair.Value is not null).ToDictionary(StringComparer.Ordinal));
    }
}
