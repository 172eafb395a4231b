using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>
/// Counts what the answers of a recipe cost and stops before the budget is passed: a call may start only while all that was spent, and the most that the calls in flight and itself can cost, fit.
/// </summary>
internal sealed class TeacherMoney
{
    private readonly Lock _gate = new();
    private readonly ModelPrice? _price;
    private readonly decimal? _budget;
    private decimal _reserved;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts from nothing.</summary>
    /// <param name="price">The model's price; null where it is not known.</param>
    /// <param name="currency">Its currency.</param>
    /// <param name="budget">The most to be spent; null for no limit.</param>
    public TeacherMoney(ModelPrice? price, string? currency, decimal? budget)
    {
        _price = price;
        Currency = currency;
        _budget = budget;
    }

    /// <summary>Currency of all amounts; null where no price is known.</summary>
    public string? Currency { get; }

    /// <summary>What the answers so far cost.</summary>
    public decimal Spent { get; private set; }

    /// <summary>What a call costs.</summary>
    /// <param name="inputTokens">Tokens of the prompt.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    /// <returns>The cost; null where no price is known.</returns>
    public decimal? Cost(long inputTokens, long outputTokens) => _price?.Cost(inputTokens, outputTokens);

    /// <summary>The most that a call can cost.</summary>
    /// <param name="request">What is to be asked.</param>
    /// <returns>The cost; 0 where no price is known.</returns>
    public decimal MostCost(TeacherRequest request) => Cost(2 * TokenEstimate.OfPrompt(request), request.MaximumTokens ?? 0) ?? 0; // a guess until it is counted; twice the guess holds for digits and for most scripts

    /// <summary>An answer with what it cost.</summary>
    /// <param name="answer">The answer as it arrived.</param>
    /// <param name="request">What was asked.</param>
    /// <returns>The answer with cost and currency, where a price is known. A server that does not count tokens is taken at our own guess, so that a budget holds there too.</returns>
    public TeacherAnswer WithCost(TeacherAnswer answer, TeacherRequest request)
    {
        var cost = Cost(answer.InputTokens ?? TokenEstimate.OfPrompt(request), answer.OutputTokens ?? TokenEstimate.OfText(answer.Text + answer.Reasoning));
        return answer with { Cost = cost, Currency = cost is null ? null : Currency };
    }

    /// <summary>Counts an answer that cost something.</summary>
    /// <param name="cost">What it cost.</param>
    public void Spend(decimal cost)
    {
        lock (_gate)
        {
            Spent += cost;
        }
    }

    /// <summary>Sets the most that a call can cost aside; waits for calls in flight to end where it would pass the budget.</summary>
    /// <param name="most">The most that it can cost.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whether it may start; false where nothing is in flight and it still does not fit.</returns>
    public async Task<bool> ReserveAsync(decimal most, CancellationToken cancel)
    {
        while (true)
        {
            Task released;
            lock (_gate)
            {
                if (_budget is not { } budget || Spent + _reserved + most <= budget)
                {
                    _reserved += most;
                    return true;
                }

                if (_reserved == 0)
                {
                    return false;
                }

                released = _released.Task;
            }

            await released.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back what was set aside.</summary>
    /// <param name="most">As given to <see cref="ReserveAsync"/>.</param>
    public void Release(decimal most)
    {
        lock (_gate)
        {
            _reserved -= most;
            _released.SetResult();
            _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
