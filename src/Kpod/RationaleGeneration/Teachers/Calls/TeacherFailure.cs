namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>What a call that brought no answer means for the calls after it.</summary>
public enum TeacherFailure
{
    /// <summary>It may work a moment later: a busy or broken server, a cut connection, half an answer.</summary>
    Passing,

    /// <summary>The server is there and asks for fewer calls.</summary>
    TooFast,

    /// <summary>The server refuses this request, and would again; others may work.</summary>
    Request,

    /// <summary>No request will work before the user changes something: key, endpoint, model, account.</summary>
    Setup,
}
