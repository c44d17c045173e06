// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/policyedits.h"

#include "ui/models/criterioncatalog.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portreeve {

using policy::Operator;
using policy::OperatorList;
using policy::Policy;
using policy::Rule;

namespace {

bool isWithin(std::size_t position, int by, std::size_t count)
{
    return by < 0 ? position > 0 : position + 1 < count;
}

std::size_t moved(std::size_t position, int by)
{
    return by < 0 ? position - 1 : position + 1;
}

auto iteratorAt(auto& container, std::size_t position)
{
    return container.begin() + static_cast<std::ptrdiff_t>(position);
}

} // namespace

PolicyEdits::PolicyEdits(PolicyDocument& document)
    : m_document(document)
{
}

void PolicyEdits::edit(const QString& label, const std::function<void(Policy&)>& change)
{
    Policy changed = m_document.policy();
    change(changed);
    m_document.editPolicy(label, std::move(changed));
}

void PolicyEdits::addRule(policy::Action action)
{
    const QString label
        = action == policy::Action::Allow ? tr("add allow block") : tr("add deny block");
    edit(label, [&](Policy& policy) {
        const OperatorList list { .op = Operator::Or };
        policy.rules.push_back({ .action = action, .lists = { list } });
    });
}

void PolicyEdits::removeRule(std::size_t rule)
{
    edit(tr("remove block"),
        [&](Policy& policy) { policy.rules.erase(iteratorAt(policy.rules, rule)); });
}

void PolicyEdits::setAction(std::size_t rule, policy::Action action)
{
    edit(tr("change block"), [&](Policy& policy) { policy.rules[rule].action = action; });
}

bool PolicyEdits::canMoveRule(std::size_t rule, int by) const
{
    return isWithin(rule, by, m_document.policy().rules.size());
}

void PolicyEdits::moveRule(std::size_t rule, int by)
{
    edit(tr("move block"),
        [&](Policy& policy) { std::swap(policy.rules[rule], policy.rules[moved(rule, by)]); });
}

std::vector<Operator> PolicyEdits::freeOperators(std::size_t rule) const
{
    std::vector<Operator> free;
    const auto& lists = m_document.policy().rules[rule].lists;
    for (const Operator op :
        std::array { Operator::And, Operator::Or, Operator::Not, Operator::Nor }) {
        if (std::none_of(lists.begin(), lists.end(),
                [&](const OperatorList& list) { return list.op == op; })) {
            free.push_back(op);
        }
    }
    return free;
}

void PolicyEdits::addList(std::size_t rule, Operator op)
{
    edit(tr("add section"),
        [&](Policy& policy) { policy.rules[rule].lists.push_back({ .op = op }); });
}

void PolicyEdits::setOperator(std::size_t rule, std::size_t list, Operator op)
{
    edit(tr("change section"), [&](Policy& policy) { policy.rules[rule].lists[list].op = op; });
}

void PolicyEdits::removeList(std::size_t rule, std::size_t list)
{
    edit(tr("remove section"), [&](Policy& policy) {
        auto& lists = policy.rules[rule].lists;
        lists.erase(iteratorAt(lists, list));
    });
}

void PolicyEdits::splitLists(std::size_t rule)
{
    edit(tr("split block"), [&](Policy& policy) {
        const Rule whole = policy.rules[rule];
        policy.rules.erase(iteratorAt(policy.rules, rule));
        for (std::size_t i = 0; i < whole.lists.size(); ++i) {
            policy.rules.insert(iteratorAt(policy.rules, rule + i),
                Rule { .action = whole.action, .lists = { whole.lists[i] } });
        }
    });
}

CriterionPath PolicyEdits::addCriterion(std::size_t rule, std::size_t list, const QString& typeName)
{
    const CriterionType* type = criterionType(typeName);
    Q_ASSERT(type != nullptr);
    edit(tr("add %1").arg(criterionText(type->title)), [&](Policy& policy) {
        policy.rules[rule].lists[list].criteria.push_back(
            { .name = type->name, .data = initialData(*type) });
    });
    return { rule, list, m_document.policy().rules[rule].lists[list].criteria.size() - 1 };
}

void PolicyEdits::setCriterion(const CriterionPath& path, policy::Criterion criterion)
{
    edit(tr("change %1").arg(criterionTitle(criterion)), [&](Policy& policy) {
        policy.rules[path.rule].lists[path.list].criteria[path.criterion] = std::move(criterion);
    });
}

void PolicyEdits::removeCriterion(const CriterionPath& path)
{
    edit(tr("remove condition"), [&](Policy& policy) {
        auto& criteria = policy.rules[path.rule].lists[path.list].criteria;
        criteria.erase(iteratorAt(criteria, path.criterion));
    });
}

bool PolicyEdits::canMoveCriterion(const CriterionPath& path, int by) const
{
    return isWithin(
        path.criterion, by, m_document.policy().rules[path.rule].lists[path.list].criteria.size());
}

CriterionPath PolicyEdits::moveCriterion(const CriterionPath& path, int by)
{
    CriterionPath target { path.rule, path.list, moved(path.criterion, by) };
    edit(tr("move condition"), [&](Policy& policy) {
        auto& criteria = policy.rules[path.rule].lists[path.list].criteria;
        std::swap(criteria[path.criterion], criteria[target.criterion]);
    });
    return target;
}

} // namespace portreeve
