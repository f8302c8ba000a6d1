*** Settings ***
Documentation       The app is disrupted: whose matter that is, and what to look at first in a used car.
...                 Polestar 2, Polestar Connect, chapter "Tips when using the Polestar app".
Library             ConnectHil


*** Test Cases ***
The App Is Disrupted Outdoors
    [Documentation]    In the open, with coverage and Internet, it is a matter for customer support; else it is not.
    [Tags]    A-13    procedure:app-disrupted
    Given The Car Is Without Coverage
    When The App Fails To Find The Car
    Then The Failure Is Recorded As An Effect Of The Surroundings
    When The Car Has Coverage Again
    And The Car's Modem Fails
    And The App Fails To Find The Car
    Then The Failure Is Recorded As A Defect For Customer Support

Connect Is Switched Off In A Used Car
    [Documentation]    Then every remote service refuses, and activating Connect mends them all.
    [Tags]    A-14    procedure:used-car
    Given Connect Is Switched Off
    Then Every Remote Service Refuses Because Connect Is Off
    When Connect Is Activated
    Then Every Remote Service Works
